import { checkVirtualBytes, readPart, readU64, requireInside } from "./fields.ts";
import { refuse, refuseDamaged } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";

const FORMAT = "qcow2";
const V2_HEADER_BYTES = 72;
const V3_HEADER_BYTES = 104;
const MIN_CLUSTER_BITS = 9;
const MAX_CLUSTER_BITS = 21;
/** A subcluster is a 32nd of a cluster, and not smaller than a sector. */
const MIN_EXTENDED_CLUSTER_BITS = 14;
/** As large as QEMU allows: 2 PiB with clusters of 64 KiB, 128 GiB with the smallest ones. */
const MAX_L1_BYTES = 32 * 1024 * 1024;

/** Bits of the incompatible features. */
const DIRTY = 1;
const CORRUPT = 2;
const EXTERNAL_DATA = 4;
const COMPRESSION_TYPE = 8;
const EXTENDED_L2 = 16;
const KNOWN = DIRTY | CORRUPT | EXTERNAL_DATA | COMPRESSION_TYPE | EXTENDED_L2;

const FLATTEN =
  "'qemu-img convert -f qcow2 -O qcow2 SOURCE TARGET.qcow2' where all its files are. Upload the result.";

/** What the header of a qcow2 image says. */
export interface Qcow2Header {
  readonly version: 2 | 3;
  readonly virtualBytes: number;
  readonly clusterBits: number;
  readonly isExtended: boolean;
  readonly codec: "deflate" | "zstd";
  readonly l1Offset: number;
  /** Entries of the L1 table that the disk needs. */
  readonly l1Count: number;
}

/**
 * Reads the header (docs/interop/qcow2 of QEMU, versions 2 and 3).
 * @throws RefusedDiskError
 */
export async function readQcow2Header(tables: TableReader): Promise<Qcow2Header> {
  const what = "the header";
  const start = await readPart(tables, FORMAT, { offset: 0, count: V2_HEADER_BYTES, what });
  const version = start.getUint32(4);
  if (version !== 2 && version !== 3) refuseVersion(version);
  if (start.getUint32(32) !== 0) refuseEncrypted();
  if (readU64(start, 8, false) !== 0) refuseBacking();
  const features = version === 3 ? await readFeatures(tables) : NO_FEATURES;
  const clusterBits = start.getUint32(20);
  const least = features.isExtended ? MIN_EXTENDED_CLUSTER_BITS : MIN_CLUSTER_BITS;
  if (clusterBits < least || clusterBits > MAX_CLUSTER_BITS) {
    refuseDamaged(FORMAT, `has clusters of 2^${clusterBits} bytes`, 20);
  }
  const virtualBytes = checkVirtualBytes(FORMAT, readU64(start, 24, false), 24);
  const entryBytes = features.isExtended ? 16 : 8;
  const l2Bytes = 2 ** clusterBits * (2 ** clusterBits / entryBytes);
  const l1Count = Math.ceil(virtualBytes / l2Bytes);
  checkL1(l1Count, start.getUint32(36));
  const l1Offset = readU64(start, 40, false);
  if (l1Offset % 2 ** clusterBits !== 0 || l1Offset === 0) {
    refuseDamaged(
      FORMAT,
      `has its L1 table at byte ${l1Offset}, which is not the start of a cluster`,
      40,
    );
  }
  const l1 = { offset: l1Offset, count: 8 * l1Count, what: "the L1 table" };
  requireInside(tables, FORMAT, l1);
  return { version, virtualBytes, clusterBits, ...features, l1Offset, l1Count };
}

function checkL1(needed: number, entries: number): void {
  if (needed > entries) {
    refuseDamaged(FORMAT, `has an L1 table of ${entries} entries; its disk needs ${needed}`, 36);
  }
  if (8 * needed > MAX_L1_BYTES) {
    refuse(
      "too-large",
      `has an L1 table of ${8 * needed} bytes, above the limit of ${MAX_L1_BYTES}`,
      36,
      "Rewrite it with larger clusters: 'qemu-img convert -O qcow2 -o cluster_size=64k SOURCE TARGET.qcow2'.",
    );
  }
}

type Features = Pick<Qcow2Header, "isExtended" | "codec">;
const NO_FEATURES: Features = { isExtended: false, codec: "deflate" };

async function readFeatures(tables: TableReader): Promise<Features> {
  const what = "the header";
  const header = await readPart(tables, FORMAT, { offset: 0, count: V3_HEADER_BYTES, what });
  const bits = header.getUint32(76);
  if (header.getUint32(72) !== 0 || (bits & ~KNOWN) !== 0) {
    refuse(
      "unsupported",
      "has incompatible features that are newer than this reader",
      72,
      `Rewrite it: 'qemu-img convert -f qcow2 -O qcow2 -o compat=1.1 SOURCE TARGET.qcow2'.`,
    );
  }
  // The dirty bit (lazy refcounts) is not an obstacle: only reference counts are stale, and nobody reads them.
  if ((bits & CORRUPT) !== 0) {
    refuse(
      "dirty",
      "is marked as corrupt by QEMU",
      79,
      "Repair it: 'qemu-img check -r all -f qcow2 SOURCE', and check the disk afterwards: what was lost stays lost.",
    );
  }
  if ((bits & EXTERNAL_DATA) !== 0) {
    refuse(
      "many-files",
      "is a qcow2 image whose data are in another file (data_file)",
      79,
      `Write both to one file: ${FLATTEN}`,
    );
  }
  const isExtended = (bits & EXTENDED_L2) !== 0;
  return {
    isExtended,
    codec: (bits & COMPRESSION_TYPE) === 0 ? "deflate" : await readCodec(tables, header),
  };
}

async function readCodec(tables: TableReader, header: DataView): Promise<Qcow2Header["codec"]> {
  const type =
    header.getUint32(100) > V3_HEADER_BYTES
      ? (await readPart(tables, FORMAT, { offset: 104, count: 1, what: "the header" })).getUint8(0)
      : 0;
  if (type === 0) return "deflate";
  if (type === 1) return "zstd";
  return refuse(
    "unsupported",
    `has clusters that are compressed in a way (type ${type}) that is newer than this reader`,
    104,
    "Rewrite it: 'qemu-img convert -f qcow2 -O qcow2 SOURCE TARGET.qcow2'.",
  );
}

function refuseVersion(version: number): never {
  refuse(
    "unsupported",
    `is a qcow image of version ${version}; versions 2 and 3 are supported`,
    4,
    "Rewrite it: 'qemu-img convert -O qcow2 SOURCE TARGET.qcow2'.",
  );
}

function refuseEncrypted(): never {
  refuse(
    "encrypted",
    "is an encrypted qcow2 image",
    32,
    "Write it without encryption, for LUKS: 'qemu-img convert --object secret,id=key,file=KEYFILE --image-opts driver=qcow2,file.filename=SOURCE,encrypt.key-secret=key -O qcow2 TARGET.qcow2'. Upload the result.",
  );
}

function refuseBacking(): never {
  refuse(
    "has-parent",
    "is a qcow2 image with a backing file: it has only the changes to that file",
    8,
    `Write the whole chain to one file: ${FLATTEN}`,
  );
}
