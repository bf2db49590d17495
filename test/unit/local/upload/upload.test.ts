import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PageBlobClient } from "@azure/storage-blob";
import { expect, test, vi } from "vitest";
import { buildSampleVhd, MIB, writeSparseFile } from "../../../../local/sample-vhds/index.ts";
import {
  createImageSource,
  openFileSource,
  type PageSource,
  type UploadOptions,
  type UploadProgress,
  uploadPageBlob,
} from "../../../../local/upload/index.ts";

vi.setConfig({ testTimeout: 30_000 }); // processes and large files, on a busy machine

type Call = { readonly name: string; readonly offset?: number; readonly bytes?: Uint8Array };

/** A page blob that only remembers what was asked of it, in order; pages take a moment. */
function createRecorder(): { calls: Call[]; blob: PageBlobClient; highest: () => number } {
  const calls: Call[] = [];
  let running = 0;
  let highest = 0;
  const blob = {
    create: async (size: number) => void calls.push({ name: "create", offset: size }),
    uploadPages: async (bytes: Uint8Array, offset: number) => {
      running++;
      highest = Math.max(highest, running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      calls.push({ name: "pages", offset, bytes });
    },
    setHTTPHeaders: async () => void calls.push({ name: "properties" }),
  };
  return { calls, blob: blob as unknown as PageBlobClient, highest: () => highest };
}

async function record(source: PageSource, options: UploadOptions = {}): Promise<Call[]> {
  const { calls, blob } = createRecorder();
  await uploadPageBlob(blob, source, options);
  return calls;
}

function countSent(calls: readonly Call[]): number {
  return calls.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
}

const SIZE_BYTES = 320 * MIB;
const VHD = buildSampleVhd("linux-gen2", {
  virtualSizeBytes: SIZE_BYTES,
  uuid: "01234567-89ab-4cde-8f01-23456789abcd",
  createdAt: new Date("2026-01-01T00:00:00Z"),
  payloadBytes: 20 * MIB,
});

test("creates the blob in full length first and sets its properties last", async () => {
  const calls = await record(createImageSource(VHD));
  expect(calls.at(0)).toEqual({ name: "create", offset: SIZE_BYTES + 512 });
  expect(calls.at(-1)).toEqual({ name: "properties" });
});

test("sends what each 4 MiB have of content once, and none of the long zeros around it", async () => {
  const pages = (await record(createImageSource(VHD))).filter(({ name }) => name === "pages");
  const offsets = pages.map(({ offset }) => offset ?? 0);
  expect(new Set(offsets).size).toBe(offsets.length);
  const arrived = new Map<number, Uint8Array>();
  for (const { offset = 0, bytes = new Uint8Array() } of pages) {
    const start = offset % (4 * MIB);
    expect([start % 512, bytes.length % 512]).toEqual([0, 0]);
    expect(start + bytes.length).toBeLessThanOrEqual(4 * MIB);
    expect(bytes.subarray(0, 4096).some((byte) => byte !== 0)).toBe(true);
    expect(bytes.subarray(-4096).some((byte) => byte !== 0)).toBe(true);
    arrived.set(offset, bytes);
  }
  for await (const { offset, bytes } of createImageSource(VHD).readChunks()) {
    const chunk = Buffer.alloc(bytes.length);
    for (const [at, sent] of arrived) {
      if (at >= offset && at < offset + chunk.length) chunk.set(sent, at - offset);
    }
    expect(Buffer.compare(chunk, bytes)).toBe(0);
  }
  expect(offsets).toContain(SIZE_BYTES); // the footer, a chunk of 512 bytes
});

test("leaves out zeros between two pieces of content from 256 KiB on", async () => {
  const gap = 256 * 1024;
  const mark = (offset: number) => ({ offset, bytes: Buffer.alloc(4096, 1) });
  const send = async (between: number) => {
    const extents = [mark(0), mark(4096 + between)];
    const calls = await record(createImageSource({ sizeBytes: 4 * MIB, extents }));
    return calls.filter(({ name }) => name === "pages").map(({ offset }) => offset);
  };
  expect(await send(gap)).toEqual([0]);
  expect(await send(gap + 4096)).toEqual([0, gap + 8192]);
});

test("keeps to the given number of requests at a time, and uses it", async () => {
  const { blob, highest } = createRecorder();
  await uploadPageBlob(blob, createImageSource(VHD), { concurrency: 3 });
  expect(highest()).toBe(3);
});

test("reports progress that only grows, up to all that the source has", async () => {
  const reports: UploadProgress[] = [];
  const source = createImageSource(VHD);
  const calls = await record(source, { onProgress: (progress) => reports.push(progress) });
  const done = reports.map(({ doneBytes }) => doneBytes);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(reports.at(-1)).toEqual({
    sizeBytes: VHD.sizeBytes,
    totalBytes: source.chunkBytes,
    doneBytes: source.chunkBytes,
    sentBytes: countSent(calls),
  });
  expect(countSent(calls)).toBeLessThan(source.chunkBytes);
  expect(source.chunkBytes).toBeLessThan(64 * MIB);
});

test("what a local file has of zeros is dealt with, but not sent", async () => {
  const dir = await mkdtemp(join(tmpdir(), "upload-test-"));
  try {
    const path = join(dir, "disk.vhd");
    await writeSparseFile(path, VHD);
    const { blob, calls } = createRecorder();
    const progress = await uploadPageBlob(blob, await openFileSource(path));
    expect(progress.doneBytes).toBe(VHD.sizeBytes);
    expect(progress.sentBytes).toBe(countSent(calls));
    expect(countSent(calls)).toBe(countSent(await record(createImageSource(VHD))));
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("a local file arrives byte for byte", async () => {
  const dir = await mkdtemp(join(tmpdir(), "upload-test-"));
  try {
    const path = join(dir, "disk.vhd");
    await writeSparseFile(path, VHD);
    const fromFile = await record(await openFileSource(path));
    expect(digest(fromFile)).toEqual(digest(await record(createImageSource(VHD))));
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("a file that shrinks while it is read fails the upload before its properties are set", async () => {
  const dir = await mkdtemp(join(tmpdir(), "upload-test-"));
  try {
    const path = join(dir, "disk.vhd");
    await writeFile(path, Buffer.alloc(8 * MIB, 1));
    const source = await openFileSource(path);
    await writeFile(path, Buffer.alloc(5 * MIB, 1));
    const { blob, calls } = createRecorder();
    await expect(uploadPageBlob(blob, source)).rejects.toThrow("ended at byte 5242880: it shrank");
    expect(calls.map(({ name }) => name)).not.toContain("properties");
  } finally {
    await rm(dir, { recursive: true });
  }
});

test.each([
  ["a missing file", undefined, "cannot be read: the file does not exist"],
  ["an empty file", 0, "is empty"],
  ["a length that is not a multiple of 512", 700, "needs a multiple of 512"],
])("refuses %s", async (_, length, message) => {
  const dir = await mkdtemp(join(tmpdir(), "upload-test-"));
  try {
    const path = join(dir, "disk.vhd");
    if (length !== undefined) await writeFile(path, Buffer.alloc(length, 1));
    await expect(openFileSource(path)).rejects.toThrow(message);
  } finally {
    await rm(dir, { recursive: true });
  }
});

function digest(calls: readonly Call[]): string[] {
  return calls
    .filter(({ name }) => name === "pages")
    .map(({ offset, bytes = new Uint8Array() }) => {
      return `${offset} ${createHash("sha256").update(bytes).digest("hex")}`;
    })
    .toSorted();
}
