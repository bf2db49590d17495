import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { open, truncate } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  buildSampleVhd,
  FOOTER_BYTES,
  MIB,
  writeSparseFile,
} from "../../local/sample-vhds/index.ts";

const run = promisify(execFile);

/** Size of the disk, and how much data is scattered over it. */
const DISK_BYTES = 512 * MIB;
const PIECE_BYTES = 4 * MIB;
const PIECES = 7;
/** First byte of the data, behind the file systems' own structures. */
const DATA_START = 192 * MIB;
const PIECE_DISTANCE = 32 * MIB;
/** Of 4 KiB, one half is noise and the other repeats: compression saves about that. */
const NOISE_BYTES = 2048;

/** A file format to measure, as qemu-img writes it. */
export interface SampleFormat {
  readonly name: string;
  readonly file: string;
  readonly options: readonly string[];
  /** Whether blocks are packed, so that they pass through the app. */
  readonly isCompressed: boolean;
}

/** One file of each kind: without compression, where no byte may pass through the app, and with it. */
export const SAMPLE_FORMATS: readonly SampleFormat[] = [
  { name: "VHDX", file: "blocks.vhdx", options: ["-O", "vhdx"], isCompressed: false },
  {
    name: "dynamic VHD",
    file: "dynamic.vhd",
    options: ["-O", "vpc", "-o", "subformat=dynamic,force_size"],
    isCompressed: false,
  },
  { name: "qcow2", file: "clusters.qcow2", options: ["-O", "qcow2"], isCompressed: false },
  {
    name: "qcow2, deflate",
    file: "packed.qcow2",
    options: ["-O", "qcow2", "-c"],
    isCompressed: true,
  },
];

/** Runs qemu-img. @throws when it is missing, or ends with an error */
export async function qemuImg(...parameters: readonly string[]): Promise<string> {
  return (await run("qemu-img", parameters)).stdout;
}

/** Writes a raw disk with partitions, file systems and data, and returns its path. */
export async function writeSampleDisk(folder: string): Promise<string> {
  const path = join(folder, "disk.raw");
  const image = buildSampleVhd("linux-gen2", {
    uuid: "11111111-2222-3333-4444-555555555555",
    createdAt: new Date(Date.UTC(2026, 0, 1)),
    virtualSizeBytes: DISK_BYTES,
  });
  await writeSparseFile(path, image);
  await truncate(path, image.sizeBytes - FOOTER_BYTES);
  const file = await open(path, "r+");
  try {
    for (let piece = 0; piece < PIECES; piece += 1) {
      await file.write(makePiece(), 0, PIECE_BYTES, DATA_START + piece * PIECE_DISTANCE);
    }
  } finally {
    await file.close();
  }
  return path;
}

function makePiece(): Buffer {
  const bytes = Buffer.alloc(PIECE_BYTES, "content ");
  for (let at = 0; at < PIECE_BYTES; at += 2 * NOISE_BYTES)
    randomBytes(NOISE_BYTES).copy(bytes, at);
  return bytes;
}
