import { setTimeout as sleep } from "node:timers/promises";
import { BlobServiceClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageContent, putPageBlob } from "../../local/disk-upload/index.ts";
import { buildSampleVhd, MIB } from "../../local/sample-vhds/index.ts";
import { startTestWorld, type TestWorld } from "../e2e/world.ts";
import { performUpload } from "../uploaders/perform.ts";
import { type Course, type ManifestPlace, planUpload } from "../uploaders/plan.ts";
import { createServiceWriter } from "../uploaders/service-writer.ts";
import { findTool } from "../uploaders/tools.ts";

const SETTLE_SECONDS = 6;
/** The scripts' pauses are those of real life; here each is a hundredth as long. */
const PAUSE_SCALE = 0.01;
/** Before each request, so that the app has the time to look at a half-uploaded disk. */
const PACE_MILLISECONDS = 120;

const image = buildSampleVhd("linux-gen2", {
  uuid: "11111111-2222-4333-8444-555555555555",
  createdAt: new Date("2026-01-01T00:00:00Z"),
  virtualSizeBytes: 512 * MIB,
  payloadBytes: 16 * MIB,
});

let test: TestWorld;
let copySource: string;
beforeAll(async () => {
  test = await startTestWorld({
    SETTLE_SECONDS: String(SETTLE_SECONDS),
    SETTLE_MIN_SECONDS: "1",
    DEFAULT_OS_TYPE: "Linux",
    DEFAULT_OS_STATE: "Generalized",
  });
  const service = BlobServiceClient.fromConnectionString(test.world.connectionString);
  const { containerClient } = await service.createContainer("elsewhere");
  const original = containerClient.getPageBlobClient("original.vhd");
  await putPageBlob(original, imageContent(image));
  copySource = original.url;
});
afterAll(() => test.close());

interface Upload {
  readonly tool: string;
  readonly course: Course;
  readonly manifest: ManifestPlace;
  /** Base name of blob, manifest and image. */
  readonly name: string;
}

/** Uploads as the tool does, and returns when the blob was written last, in whole seconds. */
async function upload({ tool, course, manifest, name }: Upload): Promise<Date> {
  const blob = test.uploads.getPageBlobClient(`${name}.vhd`);
  const writer = createServiceWriter(blob, { image, copySource });
  const chance = { seed: 7, breakAt: 0.6 };
  const osDisk = { osType: "Linux", osState: "Generalized", blobUri: `${name}.vhd` };
  await performUpload(planUpload(findTool(tool), image, { course, manifest }, chance), writer, {
    isParallel: true,
    beforeRequest: () => sleep(PACE_MILLISECONDS),
    pause: (seconds) => sleep(seconds * 1000 * PAUSE_SCALE),
    writeManifest: () =>
      test.putManifest(`${name}.json`, {
        properties: { hyperVGeneration: "V2", storageProfile: { osDisk } },
      }),
  });
  const { lastModified } = await blob.getProperties();
  if (lastModified === undefined) throw new TypeError(`${name}.vhd has no Last-Modified`);
  return lastModified;
}

async function putTimesOf(imageName: string): Promise<readonly Date[]> {
  const puts = test
    .exchanges()
    .filter(({ url }) => new URL(url).pathname.endsWith(`/images/${imageName}`));
  return puts.map(({ receivedAt }) => new Date(receivedAt));
}

const straight: Course = { kind: "straight" };
const paused: Course = { kind: "paused", seconds: 280 };
const finished: readonly Upload[] = [
  { name: "azcopy", tool: "azcopy", course: paused, manifest: "middle" },
  {
    name: "s2s",
    tool: "azcopy, service to service",
    course: { kind: "killed", seconds: 900, recovery: "continue" },
    manifest: "last",
  },
  {
    name: "guarded",
    tool: "az storage blob upload",
    course: paused,
    manifest: "first",
  },
  { name: "add-az-vhd", tool: "Add-AzVhd, Content-MD5 first", course: straight, manifest: "first" },
  {
    name: "page-by-page",
    tool: "JavaScript SDK, page by page",
    course: { kind: "killed", seconds: 900, recovery: "startOver" },
    manifest: "none",
  },
  { name: "copied", tool: "server-side Copy Blob", course: straight, manifest: "none" },
];

describe.concurrent("an upload by a real tool's requests", () => {
  it.each(finished)(
    "becomes one image after its last write: $tool, manifest $manifest",
    async (given) => {
      const lastWriteAt = await upload(given);
      const source = `${given.name}.${given.manifest === "none" ? "vhd" : "json"}`;
      const done = await test.status(source, ({ state }) => state === "succeeded");
      const [put, ...others] = await putTimesOf(given.name);
      expect(put?.getTime()).toBeGreaterThan(lastWriteAt.getTime());
      expect(others).toEqual([]);
      expect(done.image?.name).toBe(given.name);
    },
  );
});
