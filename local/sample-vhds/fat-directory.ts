const ENTRY_BYTES = 32;
const ATTRIBUTES = { label: 0x08, directory: 0x10, file: 0x20 } as const;

export type FatEntry = {
  /** 8.3 name as it is stored: padded with spaces, without the dot. */
  readonly name: string;
  readonly kind: keyof typeof ATTRIBUTES;
  /** First cluster; 0 for a label. */
  readonly cluster: number;
  /** Length in bytes, files only. */
  readonly size?: number;
};

/** Returns the entries of a FAT directory, one after the other, all with the same time (UTC). */
export function encodeDirectory(at: Date, entries: readonly FatEntry[]): Buffer {
  return Buffer.concat(entries.map((entry) => encodeEntry(at, entry)));
}

function encodeEntry(at: Date, entry: FatEntry): Buffer {
  const bytes = Buffer.alloc(ENTRY_BYTES);
  bytes.write(entry.name.padEnd(11), 0, 11, "latin1");
  bytes.writeUInt8(ATTRIBUTES[entry.kind], 11);
  bytes.writeUInt16LE(encodeTime(at), 14);
  bytes.writeUInt16LE(encodeDate(at), 16);
  bytes.writeUInt16LE(encodeDate(at), 18);
  bytes.writeUInt16LE(entry.cluster >>> 16, 20);
  bytes.writeUInt16LE(encodeTime(at), 22);
  bytes.writeUInt16LE(encodeDate(at), 24);
  bytes.writeUInt16LE(entry.cluster & 0xffff, 26);
  bytes.writeUInt32LE(entry.size ?? 0, 28);
  return bytes;
}

function encodeTime(at: Date): number {
  return (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
}

function encodeDate(at: Date): number {
  return ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
}
