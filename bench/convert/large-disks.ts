import { buildFooter, computeChecksum } from "../../local/sample-vhds/footer.ts";
import { crc32c } from "../../shared/disk/crc32c.ts";
import type { DiskReader } from "../../shared/disk/disk-reader.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

/** A file of which only tables exist; all else is zero. */
interface TablesOnly {
  readonly length: number;
  readonly parts: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

/** A large disk in a format, and what is in it. */
export interface LargeDisk {
  readonly name: string;
  readonly reader: DiskReader;
  /** Bytes of the disk that are in the file. */
  readonly dataBytes: number;
}

/** Disks of 1 TiB with 20 GiB of data, no two blocks of which are side by side. */
export function makeLargeDisks(): readonly LargeDisk[] {
  return [makeVhdx(), makeVhd()];
}

/** Blocks of 32 MiB, as Hyper-V and qemu-img make them for a disk of this size. */
export function makeVhdx(): LargeDisk {
  const blockBytes = 32 * MIB;
  const blocks = TIB / blockBytes;
  const used = (20 * GIB) / blockBytes;
  const ratio = (2 ** 23 * 512) / blockBytes;
  const bat = Buffer.alloc(8 * (blocks + Math.floor((blocks - 1) / ratio)));
  for (let place = 0; place < used; place++) {
    const block = place * Math.floor(blocks / used);
    const offset = 4 * MIB + place * blockBytes;
    bat.writeBigUInt64LE(BigInt(offset) | 6n, 8 * (block + Math.floor(block / ratio)));
  }
  const seal = (bytes: Buffer): Buffer => {
    bytes.writeUInt32LE(crc32c(bytes, 4), 4);
    return bytes;
  };
  const header = Buffer.alloc(4096);
  header.write("head");
  header.writeUInt16LE(1, 66);
  const regions = Buffer.alloc(65_536);
  regions.write("regi");
  regions.writeUInt32LE(2, 8);
  const region = (at: number, guid: string, offset: number): void => {
    regions.write(guid, at, "hex");
    regions.writeBigUInt64LE(BigInt(offset), at + 16);
    regions.writeUInt32LE(MIB, at + 24);
    regions.writeUInt32LE(1, at + 28);
  };
  region(16, "6677c22d23f600429d64115e9bfd4a08", 2 * MIB);
  region(48, "06a27c8b90479a4bb8fe575f050f886e", 3 * MIB);
  const metadata = Buffer.alloc(65_536 + 24);
  metadata.write("metadata");
  metadata.writeUInt16LE(3, 10);
  const item = (index: number, guid: string, at: number, length: number): void => {
    metadata.write(guid, 32 * index, "hex");
    metadata.writeUInt32LE(65_536 + at, 32 * index + 16);
    metadata.writeUInt32LE(length, 32 * index + 20);
    metadata.writeUInt32LE(4, 32 * index + 24);
  };
  item(1, "3767a1ca36fa434db3b633f0aa44e76b", 0, 8);
  item(2, "2442a52f1bcd7648b2115dbed83bf4b8", 8, 8);
  item(3, "1dbf41816fa90947ba47f233a8faab5f", 16, 4);
  metadata.writeUInt32LE(blockBytes, 65_536);
  metadata.writeBigUInt64LE(BigInt(TIB), 65_544);
  metadata.writeUInt32LE(512, 65_552);
  const parts = [
    { offset: 0, bytes: Buffer.from("vhdxfile") },
    { offset: 64 * 1024, bytes: seal(header) },
    { offset: 128 * 1024, bytes: header },
    { offset: 192 * 1024, bytes: seal(regions) },
    { offset: 256 * 1024, bytes: regions },
    { offset: 2 * MIB, bytes: bat },
    { offset: 3 * MIB, bytes: metadata },
  ];
  const length = 4 * MIB + used * blockBytes;
  return { name: "VHDX, 640 × 32 MiB", reader: readerOf({ length, parts }), dataBytes: 20 * GIB };
}

/** Blocks of 2 MiB, each with its bitmap before it. */
function makeVhd(): LargeDisk {
  const blockBytes = 2 * MIB;
  const blocks = TIB / blockBytes;
  const used = (20 * GIB) / blockBytes;
  const footer = buildFooter({
    virtualSizeBytes: TIB,
    uuid: "11111111-2222-3333-4444-555555555555",
    createdAt: new Date(Date.UTC(2024, 0, 1)),
    type: "dynamic",
  });
  const header = Buffer.alloc(1024);
  header.write("cxsparse");
  header.writeBigUInt64BE(1536n, 16);
  header.writeUInt32BE(0x1_0000, 24);
  header.writeUInt32BE(blocks, 28);
  header.writeUInt32BE(blockBytes, 32);
  header.writeUInt32BE(computeChecksum(header, 36), 36);
  const table = Buffer.alloc(4 * blocks, 0xff);
  const data = 1536 + table.length;
  for (let place = 0; place < used; place++) {
    const block = place * Math.floor(blocks / used);
    table.writeUInt32BE((data + place * (blockBytes + 512)) / 512, 4 * block);
  }
  const length = data + used * (blockBytes + 512) + 512;
  const parts = [
    { offset: 0, bytes: footer },
    { offset: 512, bytes: header },
    { offset: 1536, bytes: table },
    { offset: length - 512, bytes: footer },
  ];
  return {
    name: "dynamic VHD, 10,240 × 2 MiB",
    reader: readerOf({ length, parts }),
    dataBytes: 20 * GIB,
  };
}

function readerOf({ length, parts }: TablesOnly): DiskReader {
  return {
    length,
    async read(offset, count) {
      const result = new Uint8Array(count);
      for (const part of parts) {
        const from = Math.max(offset, part.offset);
        const to = Math.min(offset + count, part.offset + part.bytes.length);
        if (from >= to) continue;
        result.set(part.bytes.subarray(from - part.offset, to - part.offset), from - offset);
      }
      return result;
    },
  };
}
