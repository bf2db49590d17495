import { ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { imageContent, putPageBlob } from "../disk-upload/index.ts";
import { buildSampleVhd, GIB, type SampleName } from "../sample-vhds/index.ts";
import type { StorageAccount } from "./accounts.ts";

type SeedBlob = {
  readonly container: string;
  readonly name: string;
  readonly sample: SampleName;
  readonly uuid: string;
};

/** The VHDs that the examples of the images API reference name; there they are a Windows system. */
const SEED_BLOBS: readonly SeedBlob[] = [
  {
    container: "osimages",
    name: "osimage.vhd",
    sample: "windows-gen1",
    uuid: "5eed0000-0000-4000-8000-000000000001",
  },
  {
    container: "dataimages",
    name: "dataimage.vhd",
    sample: "data-ntfs",
    uuid: "5eed0000-0000-4000-8000-000000000002",
  },
];

const VIRTUAL_SIZE_BYTES = 2 * GIB;
const CREATED_AT = new Date("2026-01-01T00:00:00Z");

/**
 * Uploads the VHDs that the examples refer to, over those of an earlier start.
 *
 * @param blobUrl root of the blob service, without account name
 */
export async function seedBlobs(blobUrl: string, account: StorageAccount): Promise<void> {
  const credential = new StorageSharedKeyCredential(account.name, account.key);
  for (const { container, name, sample, uuid } of SEED_BLOBS) {
    const client = new ContainerClient(`${blobUrl}/${account.name}/${container}`, credential);
    await client.createIfNotExists();
    const blob = client.getPageBlobClient(name);
    const identity = { virtualSizeBytes: VIRTUAL_SIZE_BYTES, uuid, createdAt: CREATED_AT };
    await putPageBlob(blob, imageContent(buildSampleVhd(sample, identity)));
  }
}
