import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putPageBlob } from "../../local/disk-upload/index.ts";
import { countPoison, readRows } from "../e2e/evidence.ts";
import { SNAPSHOT_MANIFEST } from "../e2e/manifests.ts";
import { startTestWorld, type TestWorld } from "../e2e/world.ts";
import { failureCases } from "../fuzz/failures.ts";
import { FUZZ_TARGETS } from "../fuzz/index.ts";
import { queries } from "../fuzz/query-strings.ts";
import { answers } from "../fuzz/service-answers.ts";
import { type HostileUpload, sampleUploads } from "../fuzz/uploads.ts";

/** Cases of each kind; the same every time. */
const SAMPLING = { count: 12, seed: 20_240_101 };
const QUIET_MILLISECONDS = 75_000;
const OPEN_STATES = ["received", "waiting", "submitting", "creating"] as const;

let test: TestWorld;
const lines: string[] = [];
/** By fuzz target, how many of its cases got to the app. */
const arrived = new Map<string, number>();

const count = (target: string): void => {
  arrived.set(target, (arrived.get(target) ?? 0) + 1);
};

beforeAll(async () => {
  const settings = {
    DEFAULT_OS_STATE: "Generalized",
    // How long the app waits for what nobody uploads: 18 seconds.
    WAIT_DEADLINE_HOURS: "0.005",
    CREATE_DEADLINE_HOURS: "0.005",
  };
  test = await startTestWorld(settings, (line) => lines.push(line), { converts: true });
  await spoilService();
  const uploads = Object.entries(await sampleUploads(SAMPLING));
  await Promise.all([
    ...uploads.map(async ([target, blobs]) => {
      for (const blob of blobs) if (await upload(blob)) count(target);
    }),
    ask(),
  ]);
  await putUnreadableMetadata();
});
afterAll(() => test.close());

/** Uploads a blob; false when the storage service does not take it, so that no app can meet it. */
async function upload({ name, content, metadata = {} }: HostileUpload): Promise<boolean> {
  try {
    if (content instanceof Uint8Array) {
      const blob = test.uploads.getBlockBlobClient(name);
      await blob.upload(Buffer.from(content), content.length, { metadata });
    } else {
      await putPageBlob(test.uploads.getPageBlobClient(name), content, { metadata });
    }
    return true;
  } catch {
    return false;
  }
}

/** Errors of the service for images of their own, whose manifests follow. */
async function spoilService(): Promise<void> {
  const given = fc
    .sample(answers, { numRuns: SAMPLING.count, seed: SAMPLING.seed })
    .filter(({ status }) => status >= 400);
  for (const [index, { status, body }] of given.entries()) {
    const error = { code: "Hostile", message: body ?? "" };
    await test.fault({ method: "PUT", path: `images/answer-${index}`, status, error, count: 2 });
    await test.putManifest(`answer-${index}.json`, SNAPSHOT_MANIFEST);
    count("service answers");
  }
  const failures = fc.sample(failureCases, { numRuns: SAMPLING.count / 2, seed: SAMPLING.seed });
  for (const [index, { code, message, details }] of failures.entries()) {
    const error = { code: code || "Hostile", message, details };
    await test.fault({ method: "PUT", path: `images/kept-${index}`, operation: "Failed", error });
    await test.putManifest(`kept-${index}.json`, SNAPSHOT_MANIFEST);
    count("kept failures");
  }
}

async function ask(): Promise<void> {
  for (const pairs of fc.sample(queries, { numRuns: SAMPLING.count, seed: SAMPLING.seed })) {
    const answer = await test.get(`status?${new URLSearchParams(pairs)}`);
    await answer.text();
    expect([200, 400]).toContain(answer.status);
    count("query strings");
  }
}

/** Within the service's limit, and more headers than Node.js takes by default. */
async function putUnreadableMetadata(): Promise<void> {
  const entries = Array.from({ length: 985 }, (_, index) => [`k${100 + index}`, "vv"]);
  const metadata = Object.fromEntries(entries);
  await test.uploads.getBlockBlobClient("headers.json").upload("{}", 2, { metadata });
  await test.uploads.getPageBlobClient("headers.vhd").create(512, { metadata });
}

/** Waits until no request is open; those that still are, if it takes too long. */
async function waitForQuiet(): Promise<readonly string[]> {
  const deadline = Date.now() + QUIET_MILLISECONDS;
  for (;;) {
    const open: string[] = [];
    for (const state of OPEN_STATES) {
      const { items } = (await (await test.get(`status?state=${state}&limit=100`)).json()) as {
        items: { source: string; disks: unknown }[];
      };
      open.push(...items.map(({ source }) => `${state}: ${source}`));
    }
    if (open.length === 0 || Date.now() > deadline) return open;
    await sleep(500);
  }
}

describe("every kind of hostile input that the fuzz targets know", () => {
  it("gets to the app", () => {
    const names = FUZZ_TARGETS.map(({ name }) => name);
    expect(names.filter((name) => (arrived.get(name) ?? 0) === 0)).toEqual([]);
  });

  it("keeps no innocent upload from its image", async () => {
    const metadata = { ostype: "Linux", osstate: "Generalized", hypervgeneration: "V2" };
    await test.putVhd("innocent.vhd", { metadata });
    await test.putManifest("innocent-too.json", SNAPSHOT_MANIFEST);
    expect(await test.status("innocent.vhd")).toMatchObject({ state: "succeeded" });
    expect(await test.status("innocent-too.json")).toMatchObject({ state: "succeeded" });
  });

  it("leaves no request open", async () => {
    expect(await waitForQuiet()).toEqual([]);
    for (const name of ["headers.json", "headers.vhd"]) {
      expect(await test.status(name)).toMatchObject({ state: "failed" });
    }
  });

  it("fails no function, poisons no message and raises no alert", async () => {
    expect(lines.filter((line) => /Executed \S+ \(Failed/.test(line))).toEqual([]);
    expect(Object.values(await countPoison(test)).filter((messages) => messages > 0)).toEqual([]);
    const alarming = /"event":"(?:poison\.|http\.unexpected|request\.trouble|settings\.)/;
    expect(lines.filter((line) => alarming.test(line))).toEqual([]);
    const rows = await readRows(test);
    const codes = rows.filter((row) => String(row.json0).includes('"code":"StepFailed'));
    expect(codes.map(({ source }) => source)).toEqual([]);
    expect(rows.length).toBeGreaterThan(80);
  });

  it("leaves the app alive", async () => {
    expect((await test.get("health")).status).toBe(200);
    expect((await test.get("status?limit=100")).status).toBe(200);
  });
});
