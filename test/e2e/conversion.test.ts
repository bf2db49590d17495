import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { BlobServiceClient, type PageBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSparseImage, type Extent, type SparseImage } from "../../local/sample-vhds/index.ts";
import { createImageSource, uploadPageBlob } from "../../local/upload/index.ts";
import { decodeFixture, openFixture } from "../disks/disk-fixture.ts";
import { putBodyOf, startTestWorld, type TestWorld } from "./world.ts";

/** Disks that qemu-img wrote, all with the same content. Nothing on them starts: uploads name the generation. */

let test: TestWorld;
beforeAll(async () => {
  test = await startTestWorld({ DEFAULT_OS_STATE: "Generalized", DEFAULT_OS_TYPE: "Linux" });
});
afterAll(() => test?.close());

async function readDisk(name: string): Promise<Buffer> {
  const url = new URL(`../disks/map-fixtures/${name}.disk`, import.meta.url);
  const reader = openFixture(decodeFixture(await readFile(url)));
  return Buffer.from(await reader.read(0, reader.length));
}

async function upload(blob: string, fixture: string, imagename: string): Promise<void> {
  const bytes = await readDisk(fixture);
  await test.uploads
    .getBlockBlobClient(blob)
    .uploadData(bytes, { metadata: { imagename, hypervgeneration: "V2" } });
}

/** SHA-256 of the disk that the image was requested from, and of the raw disk, padded to its size. */
async function compareDisk(imageName: string): Promise<{ found: string; expected: string }> {
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

/** What was written of a page blob; the rest is zeros, and takes the emulator long to give. */
async function downloadPages(blob: PageBlobClient): Promise<Buffer> {
  const { contentLength = 0 } = await blob.getProperties();
  const bytes = Buffer.alloc(contentLength);
  for await (const page of blob.listPageRanges().byPage()) {
    for (const { start, end } of page.pageRange ?? []) {
      (await blob.downloadToBuffer(start, end - start + 1)).copy(bytes, start);
    }
  }
  return bytes;
}

/** Faults of the front for the copies from one source. */
async function order(source: string, ...plan: readonly object[]): Promise<void> {
  const root = new URL(test.world.storage.blob).origin;
  const part = `/${test.account.name}/uploads/${source}`;
  const answer = await fetch(`${root}/_front/faults`, {
    method: "POST",
    body: JSON.stringify({ plan: plan.map((fault) => ({ source: part, ...fault })) }),
  });
  expect(answer.status).toBe(204);
}

describe("a disk in another format, as a block blob", () => {
  it.concurrent.each([
    ["vhdx-1m", "disk.vhdx", "vhdx"],
    ["qcow2-deflate-64k", "packed.qcow2", "qcow2"],
    ["vmdk-stream", "stream.vmdk", "vmdk-stream"],
    ["vhd-dynamic", "dynamic.vhd", "vhd-dynamic"],
    ["ova", "appliance.ova", "vmdk-stream"],
  ])("%s becomes an image with the same content", async (fixture, blob, from) => {
    const imageName = `image-${fixture}`;
    await upload(blob, fixture, imageName);
    const status = await test.status(blob);
    expect(status.error).toBeNull();
    expect(status.state).toBe("succeeded");
    expect(status.disks[0]?.conversion).toMatchObject({ from, percent: 100 });
    expect(status.events.map(({ state }) => state)).toContain("converting");
    const { found, expected } = await compareDisk(imageName);
    expect(found).toBe(expected);
  });
});

describe("a raw disk as a page blob", () => {
  it("is converted without the ranges that were never written", async () => {
    const raw = await readDisk("raw");
    const pages = test.uploads.getPageBlobClient("plain.img");
    const metadata = { imagename: "image-raw", hypervgeneration: "V2" };
    await uploadPageBlob(pages, createImageSource(sparseOf(raw)), { metadata });
    const status = await test.status("plain.img");
    expect(status.error).toBeNull();
    expect(status.state).toBe("succeeded");
    const { from, bytesTotal } = status.disks[0]?.conversion ?? {};
    expect(from).toBe("raw");
    expect(bytesTotal).toBeLessThan(raw.length / 4);
    const { found, expected } = await compareDisk("image-raw");
    expect(found).toBe(expected);
  });
});

/** A disk without the blocks of 64 KiB that are zero. */
function sparseOf(disk: Buffer): SparseImage {
  const extents: Extent[] = [];
  for (let offset = 0; offset < disk.length; offset += BLOCK_BYTES) {
    const bytes = disk.subarray(offset, offset + BLOCK_BYTES);
    if (bytes.some((byte) => byte !== 0)) extents.push({ offset, bytes });
  }
  return createSparseImage(disk.length, extents);
}
const BLOCK_BYTES = 64 * 1024;

describe("a conversion that is disturbed", () => {
  it("by storage that is busy, that loses answers, and whose firewall keeps it from the source", async () => {
    await order(
      "disturbed.vhdx",
      { fault: "busy", after: 1 },
      { fault: "errorAfter", after: 3 },
      { fault: "firewall", after: 6, count: 1 },
    );
    await upload("disturbed.vhdx", "vhdx-1m", "image-disturbed");
    const status = await test.status("disturbed.vhdx");
    expect(status.state).toBe("succeeded");
    const { found, expected } = await compareDisk("image-disturbed");
    expect(found).toBe(expected);
  });

  it("by a source that changes midway is begun again with the new version", async () => {
    await order("changing.vhdx", { fault: "changeSource", after: 2 });
    await upload("changing.vhdx", "vhdx-1m", "image-changing");
    const status = await test.status("changing.vhdx");
    expect(status.state).toBe("succeeded");
    expect(status.events.filter(({ state }) => state === "waiting").length).toBeGreaterThan(1);
    const { found, expected } = await compareDisk("image-changing");
    expect(found).toBe(expected);
  });

  it("by the end of its process goes on", async () => {
    await order("killed.vhdx", { fault: "slow", count: 100, delayMs: 1500 });
    await upload("killed.vhdx", "vhdx-1m", "image-killed");
    await test.status("killed.vhdx", ({ state }) => state === "converting");
    await test.world.killHost();
    await test.world.restartHost();
    const status = await test.status("killed.vhdx");
    expect(status.state).toBe("succeeded");
    const { found, expected } = await compareDisk("image-killed");
    expect(found).toBe(expected);
  });
});
