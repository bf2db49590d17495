import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestWorld, type TestWorld } from "../e2e/world.ts";

const TIB = 1024 ** 4;
const MIB = 1024 ** 2;
const metadata = { ostype: "Linux", osstate: "Generalized", hypervgeneration: "V2" };

let test: TestWorld;
const folder = mkdtempSync(join(tmpdir(), "vhd-to-image-count-"));
const countFile = join(folder, "reads.json");
beforeAll(async () => {
  const preload = new URL("../e2e/count-blob-reads.mjs", import.meta.url).href;
  test = await startTestWorld({
    NODE_OPTIONS: `--import ${preload}`,
    COUNT_BLOB_READS: countFile,
  });
});
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true });
});

/** Resident memory of the app's process, in bytes; without a process of its own where there is /proc. */
function residentMemory(): number {
  const pid = String(test.world.hostPid);
  const kibibytes = existsSync("/proc/self/status")
    ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
    : execFileSync("ps", ["-o", "rss=", "-p", pid], { encoding: "utf8" });
  return Number(kibibytes) * 1024;
}

it("a VHD of 1 TiB costs less than 30 MB of memory and less than 64 KiB of reads", async () => {
  // A small one first, so that what is loaded and compiled once is not counted.
  await test.putVhd("warm-up.vhd", { metadata });
  await test.status("warm-up.vhd");
  const before = residentMemory();
  let peak = before;
  const sampler = setInterval(() => {
    peak = Math.max(peak, residentMemory());
  }, 100);
  try {
    await test.putVhd("huge.vhd", { metadata, sizeBytes: TIB });
    expect((await test.status("huge.vhd")).state).toBe("succeeded");
  } finally {
    clearInterval(sampler);
  }
  const sums = JSON.parse(readFileSync(countFile, "utf8")) as Record<
    string,
    { reads: number; bytes: number }
  >;
  const read = sums[`/${test.account.name}/uploads/huge.vhd`];
  const grown = peak - before;
  console.info(
    `1 TiB: ${read?.bytes} bytes in ${read?.reads} read(s), memory +${(grown / MIB).toFixed(1)} MiB`,
  );
  expect(read?.bytes).toBeGreaterThanOrEqual(512);
  expect(read?.bytes).toBeLessThan(64 * 1024);
  expect(grown).toBeLessThan(30e6);
});
