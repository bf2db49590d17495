import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageContent, putPageBlob } from "../../local/disk-upload/index.ts";
import { createSparseImage, type Extent, type SparseImage } from "../../local/sample-vhds/index.ts";
import { isBlank } from "../../shared/disk/bytes.ts";
import { compareDisk, readDisk, startConvertingWorld, uploadDisk } from "../e2e/converted-disks.ts";
import type { TestWorld } from "../e2e/world.ts";

let test: TestWorld;
beforeAll(async () => {
  test = await startConvertingWorld();
});
afterAll(() => test?.close());

const upload = (blob: string, fixture: string, imagename: string) =>
  uploadDisk(test, { blob, fixture, imagename });

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

describe("a compressed disk in another format, as a block blob", () => {
  it("becomes an image with the same content, through the app", async () => {
    await upload("packed.qcow2", "qcow2-deflate-64k", "image-packed");
    const status = await test.status("packed.qcow2");
    expect(status).toMatchObject({ state: "succeeded", error: null });
    expect(status.disks[0]?.conversion).toMatchObject({ from: "qcow2", percent: 100 });
    expect(status.events.map(({ state }) => state)).toContain("converting");
    const { found, expected } = await compareDisk(test, "image-packed");
    expect(found).toBe(expected);
  });
});

describe("a raw disk as a page blob", () => {
  it("is converted without the ranges that were never written", async () => {
    const raw = await readDisk("raw");
    const pages = test.uploads.getPageBlobClient("plain.img");
    const metadata = { imagename: "image-raw", hypervgeneration: "V2" };
    await putPageBlob(pages, imageContent(sparseOf(raw)), { metadata });
    const status = await test.status("plain.img");
    expect(status.error).toBeNull();
    expect(status.state).toBe("succeeded");
    const { from, bytesTotal } = status.disks[0]?.conversion ?? {};
    expect(from).toBe("raw");
    expect(bytesTotal).toBeLessThan(raw.length / 4);
    const { found, expected } = await compareDisk(test, "image-raw");
    expect(found).toBe(expected);
  });
});

/** A disk without the blocks of 64 KiB that are zero. */
function sparseOf(disk: Buffer): SparseImage {
  const extents: Extent[] = [];
  for (let offset = 0; offset < disk.length; offset += BLOCK_BYTES) {
    const bytes = disk.subarray(offset, offset + BLOCK_BYTES);
    if (!isBlank(bytes)) extents.push({ offset, bytes });
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
    const { found, expected } = await compareDisk(test, "image-disturbed");
    expect(found).toBe(expected);
  });

  it("by a source that changes midway is begun again with the new version", async () => {
    await order("changing.vhdx", { fault: "changeSource", after: 2 });
    await upload("changing.vhdx", "vhdx-1m", "image-changing");
    const status = await test.status("changing.vhdx");
    expect(status.state).toBe("succeeded");
    expect(status.events.filter(({ state }) => state === "waiting").length).toBeGreaterThan(1);
    const { found, expected } = await compareDisk(test, "image-changing");
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
    const { found, expected } = await compareDisk(test, "image-killed");
    expect(found).toBe(expected);
  });
});
