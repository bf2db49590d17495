/** What becomes of one block of a disk. */
export type Slot = "none" | "zero" | "data" | "packed";

/** A small disk to be written in a format. */
export interface DiskPlan {
  /** One for each block, in the order of the disk. */
  readonly slots: readonly Slot[];
  /** Orders the blocks in the file: those with small numbers first, then by their place in the disk. */
  readonly order: readonly number[];
  /** Bytes by which the disk ends before its last block does; whole sectors. */
  readonly cut: number;
}

/** Indexes of the blocks that have bytes in the file, in the order of the file. */
export function orderBlocks({ slots, order }: DiskPlan): readonly number[] {
  return slots
    .map((slot, index) => ({ slot, index }))
    .filter(({ slot }) => slot === "data" || slot === "packed")
    .toSorted((a, b) => (order[a.index] ?? 0) - (order[b.index] ?? 0) || a.index - b.index)
    .map(({ index }) => index);
}

/** The bytes of a block: never zero, and another pattern for each block. */
export function contentOf(index: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => 1 + ((index * 37 + at * 7) % 255));
}

/** A buffer that grows as parts are put into it. */
export class FileBuilder {
  #bytes = new Uint8Array(64 * 1024);
  length = 0;

  put(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, offset);
    this.length = Math.max(this.length, end);
  }

  /** Puts bytes at the end, at a multiple of `alignment`; returns where. */
  append(bytes: Uint8Array, alignment = 512): number {
    const offset = Math.ceil(this.length / alignment) * alignment;
    this.put(offset, bytes);
    return offset;
  }

  finish(length = this.length): Uint8Array {
    this.put(length, new Uint8Array());
    return this.#bytes.slice(0, Math.max(length, this.length));
  }
}

/** A structure of a format: text as Latin-1, numbers by their width. */
export class Structure {
  readonly bytes: Buffer;
  constructor(length: number) {
    this.bytes = Buffer.alloc(length);
  }
  text(offset: number, value: string): this {
    this.bytes.write(value, offset, "latin1");
    return this;
  }
  be32(offset: number, value: number): this {
    this.bytes.writeUInt32BE(value >>> 0, offset);
    return this;
  }
  be64(offset: number, value: number | bigint): this {
    this.bytes.writeBigUInt64BE(BigInt(value), offset);
    return this;
  }
  le16(offset: number, value: number): this {
    this.bytes.writeUInt16LE(value, offset);
    return this;
  }
  le32(offset: number, value: number): this {
    this.bytes.writeUInt32LE(value >>> 0, offset);
    return this;
  }
  le64(offset: number, value: number | bigint): this {
    this.bytes.writeBigUInt64LE(BigInt(value), offset);
    return this;
  }
}
