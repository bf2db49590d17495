import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { BlobServiceClient, type PageBlobClient } from "@azure/storage-blob";
import { expect } from "vitest";
import { readWrittenPages } from "../../bench/convert/download-pages.ts";
import { decodeFixture, openFixture } from "../disks/disk-fixture.ts";
import { putBodyOf, startTestWorld, type TestWorld } from "./world.ts";

/** Disks that qemu-img wrote, all with the same content. Nothing on them starts: uploads name the generation. */

/** A world whose app converts; no disk says by itself what system it has. */
export const startConvertingWorld = (): Promise<TestWorld> =>
  startTestWorld({ DEFAULT_OS_STATE: "Generalized", DEFAULT_OS_TYPE: "Linux" }, () => {}, {
    converts: true,
  });

export async function readDisk(name: string): Promise<Buffer> {
  const url = new URL(`../disks/map-fixtures/${name}.disk`, import.meta.url);
  const reader = openFixture(decodeFixture(await readFile(url)));
  return Buffer.from(await reader.read(0, reader.length));
}

export async function uploadDisk(
  test: TestWorld,
  {
    blob,
    fixture,
    imagename,
  }: { readonly blob: string; readonly fixture: string; readonly imagename: string },
): Promise<void> {
  const bytes = await readDisk(fixture);
  await test.uploads
    .getBlockBlobClient(blob)
    .uploadData(bytes, { metadata: { imagename, hypervgeneration: "V2" } });
}

/** SHA-256 of the disk that the image was requested from, and of the raw disk, padded to its size. */
export async function compareDisk(
  test: TestWorld,
  imageName: string,
): Promise<{ found: string; expected: string }> {
  const body = (await putBodyOf(test, imageName)) as {
    properties: { storageProfile: { osDisk: { blobUri: string } } };
  };
  const name = body.properties.storageProfile.osDisk.blobUri.split("/").at(-1) ?? "";
  const converted = BlobServiceClient.fromConnectionString(
    test.world.connectionString,
  ).getContainerClient("converted");
  const vhd = await downloadPages(converted.getPageBlobClient(name));
  const disk = vhd.subarray(0, -512);
  const raw = Buffer.alloc(disk.length);
  (await readDisk("raw")).copy(raw);
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(vhd.subarray(-512, -504).toString("latin1")).toBe("conectix");
  return { found: hash(disk), expected: hash(raw) };
}

/** A page blob in memory. */
async function downloadPages(blob: PageBlobClient): Promise<Buffer> {
  const { contentLength = 0 } = await blob.getProperties();
  const whole = Buffer.alloc(contentLength);
  for await (const { offset, bytes } of readWrittenPages(blob)) bytes.copy(whole, offset);
  return whole;
}
