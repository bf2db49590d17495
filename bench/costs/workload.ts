import { setTimeout as sleep } from "node:timers/promises";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { listAllRequests } from "../../local/chaos/status-list.ts";
import { imageContent, putPageBlob } from "../../local/disk-upload/index.ts";
import { buildSampleVhd, GIB, MIB } from "../../local/sample-vhds/index.ts";
import { isTerminal } from "../../shared/record/states.ts";
import type { CostWorld } from "./cost-world.ts";

/** Between two uploads, so that the steps of few requests run at the same time. */
const PACE_MS = 1_000;
/** From a VHD to its manifest: long enough for the VHD's own request to look once. */
const MANIFEST_AFTER_MS = 1_500;
const LOOK_MS = 2_000;
const DEADLINE_MS = 120_000;
const METADATA = { ostype: "Linux", osstate: "Generalized", hypervgeneration: "V2" };

/** A request did not end as it has to, or not in time. */
export class WorkloadError extends Error {
  override readonly name = "WorkloadError";
}

/** Uploads VHDs without a manifest, and resolves when each has become an image. */
export async function makeImagesOfVhds(world: CostWorld, names: readonly string[]): Promise<void> {
  const container = openUploads(world);
  await atPace(names, (name) => uploadVhd(container, `${name}.vhd`, METADATA));
  await waitForImages(
    world,
    names.map((name) => `${name}.vhd`),
  );
}

/** Uploads VHDs, each followed by a manifest that names it, and resolves when each is an image. */
export async function makeImagesOfManifests(
  world: CostWorld,
  names: readonly { readonly vhd: string; readonly manifest: string }[],
): Promise<void> {
  const container = openUploads(world);
  await atPace(names, async ({ vhd, manifest }) => {
    await uploadVhd(container, vhd);
    await sleep(MANIFEST_AFTER_MS);
    await uploadManifest(container, manifest, vhd);
  });
  await waitForImages(
    world,
    names.map(({ manifest }) => manifest),
  );
}

function openUploads({ connectionString }: CostWorld): ContainerClient {
  return BlobServiceClient.fromConnectionString(connectionString).getContainerClient("uploads");
}

async function atPace<T>(items: readonly T[], upload: (item: T) => Promise<void>): Promise<void> {
  const uploads: Promise<void>[] = [];
  for (const item of items) {
    uploads.push(upload(item));
    await sleep(PACE_MS);
  }
  await Promise.all(uploads);
}

async function uploadVhd(
  container: ContainerClient,
  blob: string,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const identity = { uuid: crypto.randomUUID(), createdAt: new Date() };
  const size = { virtualSizeBytes: 4 * GIB, payloadBytes: MIB };
  const content = imageContent(buildSampleVhd("linux-gen2", { ...identity, ...size }));
  await putPageBlob(container.getPageBlobClient(blob), content, { metadata });
}

async function uploadManifest(
  container: ContainerClient,
  blob: string,
  blobUri: string,
): Promise<void> {
  const osDisk = { osType: "Linux", osState: "Generalized", blobUri };
  const text = JSON.stringify({
    properties: { hyperVGeneration: "V2", storageProfile: { osDisk } },
  });
  await container.getBlockBlobClient(blob).upload(text, Buffer.byteLength(text));
}

async function waitForImages({ url, key }: CostWorld, sources: readonly string[]): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const requests = await listAllRequests({ urls: [url], key });
    const ours = requests.filter(({ source }) => sources.includes(source));
    const wrong = ours.find(({ state }) => isTerminal(state) && state !== "succeeded");
    if (wrong) {
      throw new WorkloadError(`${wrong.source} ended ${wrong.state}: ${wrong.error?.message}`);
    }
    const isIdle = requests.every(({ state }) => isTerminal(state));
    if (isIdle && ours.length === sources.length) return;
    await sleep(LOOK_MS);
  }
  throw new WorkloadError(`not every upload became an image within ${DEADLINE_MS / 1000} s`);
}
