import { bodyOfBareVhd, LINUX_METADATA } from "./bare-vhd.ts";
import { fromBlobs } from "./manifests.ts";
import type { PlannedDisk } from "./plan.ts";
import {
  becomes,
  CLAIMED,
  endsAs,
  planDisk,
  planManifest,
  type Scenario,
  type Stage,
} from "./scenario.ts";

/** A disk in another format, as a block blob: by itself, or named by one manifest or two. */
export function tellOfConversion(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const format = random.pick(["dynamic-vhd", "qcow2"] as const);
  const extension = format === "qcow2" ? "qcow2" : "vhd";
  if (random.chance(0.4)) return tellOfBareDisk(stage, `${name}.${extension}`, format);
  const blob = `${name}-os.${extension}`;
  const disk = planDisk(stage, at, { blob, format, expected: CLAIMED });
  const names = random.chance(0.3) ? [`${name}a`, `${name}b`] : [name];
  const manifests = names.map((each) => {
    const pair = fromBlobs(blob, [], each);
    const image = { name: each, body: pair.body, disks: [disk.id] };
    const when = Math.max(0, at + random.integer(-2_000, 3_000));
    return planManifest({ ...stage, name: each }, when, pair, becomes(image));
  });
  return { uploads: [disk, ...manifests] };
}

function tellOfBareDisk(stage: Stage, blob: string, format: PlannedDisk["format"]): Scenario {
  const { name, at } = stage;
  const metadata = { ...LINUX_METADATA, caching: "ReadWrite", tag_run: name };
  const disk = planDisk(stage, at, { blob, format, metadata, expected: endsAs() });
  const options = { caching: "ReadWrite", blobUri: blob };
  const body = bodyOfBareVhd(name, options, [], { run: name });
  return { uploads: [{ ...disk, expected: becomes({ name, body, disks: [disk.id] }) }] };
}
