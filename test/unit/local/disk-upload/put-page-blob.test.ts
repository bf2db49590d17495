import { createHash } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PageBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  countUnread,
  createMeter,
  type DiskContent,
  openFileSource,
  writePages,
} from "../../../../cli/upload/index.ts";
import { imageContent, type PutOptions, putPageBlob } from "../../../../local/disk-upload/index.ts";
import {
  buildSampleVhd,
  MIB,
  readImage,
  writeSparseFile,
} from "../../../../local/sample-vhds/index.ts";

vi.setConfig({ testTimeout: 30_000 }); // processes and large files, on a busy machine

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "upload-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

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

async function record(content: DiskContent, options: PutOptions = {}): Promise<Call[]> {
  const { calls, blob } = createRecorder();
  await putPageBlob(blob, content, options);
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
  const calls = await record(imageContent(VHD));
  expect(calls.at(0)).toEqual({ name: "create", offset: SIZE_BYTES + 512 });
  expect(calls.at(-1)).toEqual({ name: "properties" });
});

test("sends what each 4 MiB have of content once, and none of the long zeros around it", async () => {
  const pages = (await record(imageContent(VHD))).filter(({ name }) => name === "pages");
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
  for (let offset = 0; offset < VHD.sizeBytes; offset += 4 * MIB) {
    const bytes = readImage(VHD, offset, Math.min(4 * MIB, VHD.sizeBytes - offset));
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
    const calls = await record(imageContent({ sizeBytes: 4 * MIB, extents }));
    return calls.filter(({ name }) => name === "pages").map(({ offset }) => offset);
  };
  expect(await send(gap)).toEqual([0]);
  expect(await send(gap + 4096)).toEqual([0, gap + 8192]);
});

test("keeps to the given number of requests at a time, and uses it", async () => {
  const { blob, highest } = createRecorder();
  await putPageBlob(blob, imageContent(VHD), { concurrency: 3 });
  expect(highest()).toBe(3);
});

test("reads nothing of what is known to be zeros, and counts it as such", async () => {
  const content = imageContent(VHD);
  const read: number[] = [];
  const reader = {
    read: (offset: number, count: number) => {
      read.push(count);
      return content.reader.read(offset, count);
    },
  };
  const { blob, calls } = createRecorder();
  const { sentBytes, zeroBytes, keptBytes } = await putPageBlob(blob, { ...content, reader });
  const readBytes = read.reduce((sum, count) => sum + count, 0);
  expect(readBytes).toBe(VHD.sizeBytes - countUnread(content));
  expect(readBytes).toBeLessThan(64 * MIB);
  expect(sentBytes).toBe(countSent(calls));
  expect(sentBytes).toBeLessThan(readBytes);
  expect([sentBytes + zeroBytes, keptBytes]).toEqual([VHD.sizeBytes, 0]);
});

test("zeros are sent where something was written before, also where they are known", async () => {
  const { blob, calls } = createRecorder();
  const content = imageContent({ sizeBytes: 12 * MIB, extents: [] });
  const written = [
    { offset: 8 * MIB, count: 512 },
    { offset: 9 * MIB, count: 512 },
  ];
  const options = { concurrency: 1, signal: new AbortController().signal };
  await writePages(
    blob,
    content,
    options,
    createMeter(() => {}),
    written,
  );
  expect(calls.map(({ offset, bytes }) => [offset, bytes?.length])).toEqual([
    [8 * MIB, 4096],
    [9 * MIB, 4096],
  ]);
  expect(calls.some(({ bytes }) => bytes?.some((byte) => byte !== 0))).toBe(false);
});

test("a file arrives as the same image does from memory, and its zeros are not sent", async () => {
  const path = join(folder, "disk.vhd");
  await writeSparseFile(path, VHD);
  const source = await openFileSource(path, "disk.vhd", "disk.vhd");
  const fromFile = await record(source).finally(source.close);
  expect(digest(fromFile)).toEqual(digest(await record(imageContent(VHD))));
});

test("a file that shrinks while it is read fails the upload before its properties are set", async () => {
  const path = join(folder, "short.vhd");
  await writeFile(path, Buffer.alloc(8 * MIB, 1));
  const source = await openFileSource(path, "short.vhd", "short.vhd");
  await truncate(path, 5 * MIB);
  const { blob, calls } = createRecorder();
  await expect(putPageBlob(blob, source).finally(source.close)).rejects.toThrow(
    "short.vhd became shorter while it was read",
  );
  expect(calls.map(({ name }) => name)).not.toContain("properties");
});

function digest(calls: readonly Call[]): string[] {
  return calls
    .filter(({ name }) => name === "pages")
    .map(({ offset, bytes = new Uint8Array() }) => {
      return `${offset} ${createHash("sha256").update(bytes).digest("hex")}`;
    })
    .toSorted();
}
