import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bypassProxy } from "../local/world/app-settings.ts";
import { startWorld } from "../local/world/index.ts";
import { judgeConversion, judgeMap } from "./convert/bounds.ts";
import { makeLargeDisks } from "./convert/large-disks.ts";
import { measureApp, measureLocal } from "./convert/measure-app.ts";
import { measureMap } from "./convert/measure-map.ts";
import { formatConversions, formatMaps } from "./convert/report.ts";
import { qemuImg, SAMPLE_FORMATS, writeSampleDisk } from "./convert/sample-disk.ts";

/**
 * `npm run bench:convert`: what a conversion costs. Disks of 1 TiB with 20 GiB of scattered data are
 * mapped; their files have tables only. Disks of 512 MiB are converted by the built app in the local
 * world, and by qemu-img with an upload afterwards. Exit code 1 when a bound is broken
 * (convert/bounds.ts), or when qemu-img is missing.
 */
async function main(): Promise<readonly string[]> {
  Object.assign(process.env, bypassProxy(process.env)); // before any storage client is made
  const maps = [];
  for (const { name, reader } of makeLargeDisks()) {
    maps.push({ name, costs: await measureMap(reader, () => performance.now()) });
  }
  for (const line of formatMaps(maps)) console.log(line);
  await qemuImg("--version").catch((cause: unknown) => {
    throw new Error("qemu-img is missing (Debian: apt-get install qemu-utils)", { cause });
  });
  const conversions = await measureConversions();
  for (const line of formatConversions(conversions)) console.log(line);
  return [
    ...maps.flatMap(({ name, costs }) => (name.startsWith("VHDX") ? judgeMap(name, costs) : [])),
    ...conversions.flatMap(({ app }) => judgeConversion(app)),
  ];
}

async function measureConversions() {
  const folder = await mkdtemp(join(tmpdir(), "bench-convert-"));
  try {
    const world = await startWorld({ settings: { ARM_POLLS: "1" } });
    try {
      const measurement = { world, folder, disk: await writeSampleDisk(folder) };
      const [first] = SAMPLE_FORMATS;
      if (first === undefined) return [];
      // What the first conversion loads and compiles stays; it is not what a conversion needs.
      await measureApp({ ...first, file: `warm-${first.file}` }, measurement);
      const conversions = [];
      for (const format of SAMPLE_FORMATS) {
        const app = await measureApp(format, measurement);
        conversions.push({ app, local: await measureLocal(format, measurement) });
      }
      return conversions;
    } finally {
      await world.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const broken = await main();
for (const sentence of broken) console.error(`Broken: ${sentence}`);
process.exitCode = broken.length === 0 ? 0 : 1;
