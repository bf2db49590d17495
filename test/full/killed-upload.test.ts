import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createRandom, type FaultProxy, startFaultProxy } from "../../local/fault-proxy/index.ts";
import { formatConnectionString } from "../../local/world/accounts.ts";
import { killRunning, runProcess } from "../e2e/run-process.ts";
import { startTestWorld, type TestWorld } from "../e2e/world.ts";
import { COMMAND } from "../run/build-command.ts";
import { buildVhd, MIB } from "../unit/cli/build-vhd.ts";

const KILLS = 10;
const FOOTER_BYTES = 512;
/** A chunk of the upload each: 1 MiB of data, and zeros, which are not sent. */
const CHUNKS = Array.from({ length: 32 }, (_, index) => [
  [`part ${index}`, 1] as const,
  [null, 3] as const,
]);
const VHD = buildVhd(CHUNKS.flat());

let test: TestWorld;
let proxy: FaultProxy;
let folder = "";
let environment: NodeJS.ProcessEnv = {};
/** Answers of storage to the command. */
let answers = 0;
let onAnswer: () => void = () => {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "command-line-"));
  // So short that a blob without the mark of an unfinished upload would be taken for complete.
  test = await startTestWorld({ SETTLE_SECONDS: "1", SETTLE_MIN_SECONDS: "0.2" });
  const { storage, functions } = test.world;
  const root = (url: string) => url.slice(0, -(test.account.name.length + 1));
  proxy = await startFaultProxy(
    { blob: root(storage.blob), queue: root(storage.queue), table: root(storage.table) },
    () => {
      answers += 1;
      onAnswer();
    },
  );
  const endpoints = { ...storage, blob: `${proxy.roots.blob}/${test.account.name}` };
  environment = {
    ...process.env,
    VHD_TO_IMAGE_URL: functions.url,
    VHD_TO_IMAGE_KEY: functions.key,
    AZURE_STORAGE_CONNECTION_STRING: formatConnectionString(test.account, endpoints),
  };
});
afterEach(killRunning);
afterAll(async () => {
  await proxy?.close();
  await test?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command as a process of its own. */
const run = (...args: readonly string[]) =>
  runProcess([COMMAND, ...args], { env: environment, cwd: folder });

describe("an upload that is killed ten times", () => {
  it("becomes, byte for byte, the file; and nothing is made of it before its end", async () => {
    await writeFile(join(folder, "killed.vhd"), VHD);
    const random = createRandom(20261126);
    const args = ["upload", "killed.vhd", "--os-type", "Linux", "--os-state", "Generalized"];
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const { child, ended } = run(...args, "--concurrency", "2");
      // The first answers are about the blob as it is; then come those to pages.
      const stopAt = answers + 1 + random.integer(0, 3);
      onAnswer = () => {
        if (answers >= stopAt) child.kill("SIGKILL");
      };
      expect((await ended).signal, `kill ${kill} of ${KILLS}`).toBe("SIGKILL");
    }
    onAnswer = () => {};
    // The app has seen it long ago, and waits.
    const waiting = await test.status("killed.vhd", ({ state }) => state === "waiting");
    expect(waiting.disks[0]?.detail).toContain("unfinished");
    expect(test.exchanges()).toEqual([]);

    const { code, stdout, stderr } = await run(...args, "--json").ended;

    expect({ code, stderr }).toMatchObject({ code: 0 });
    const [result] = JSON.parse(stdout);
    expect(result).toMatchObject({
      requestId: waiting.requestId,
      state: "succeeded",
      ids: [expect.stringMatching(/\/images\/killed$/)],
    });
    const { keptBytes, sentBytes, sizeBytes } = result.disks[0];
    expect(sizeBytes).toBe(VHD.length);
    expect(keptBytes).toBeGreaterThan(0);
    expect(keptBytes + sentBytes).toBe(CHUNKS.length * MIB + FOOTER_BYTES);
    const blob = await test.uploads.getBlobClient("killed.vhd").downloadToBuffer();
    expect(blob.equals(VHD)).toBe(true);
    expect(test.exchanges()).toHaveLength(1);
  });
});
