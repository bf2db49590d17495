import { hasBytesAt, viewOf } from "../bytes.ts";
import { type DiskReader, limitReader } from "../disk-reader.ts";
import { FOOTER_BYTES, type FooterReading, readFooter } from "../format/footer.ts";
import { readFormat } from "../format/read-format.ts";
import { inspectDisk } from "../inspect-disk.ts";
import { readEnds } from "../read-ends.ts";
import type { BlockSource } from "./block-source.ts";
import { checkVirtualBytes, readU64 } from "./fields.ts";
import { openFlat } from "./flat.ts";
import { readerOfPart } from "./part-reader.ts";
import { refuse, refuseCut, refuseDamaged } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";
import { openDynamicVhd } from "./vhd-dynamic.ts";

const FORMAT = "vhd-fixed";

/** A file that ends with a footer whose checksum is right; null for any other. */
export async function openVhdByFooter(tables: TableReader): Promise<BlockSource | null> {
  const offset = tables.length - FOOTER_BYTES;
  const bytes = offset >= 0 ? await tables.read(offset, FOOTER_BYTES) : null;
  if (bytes === null) return null;
  const footer = readFooter(bytes);
  if (footer.kind !== "footer" || !footer.checksumMatches) return null;
  if (footer.diskType === "fixed") return openFixedVhd(readSize(bytes), offset);
  if (footer.diskType !== null) return openDynamicVhd(tables, viewOf(bytes), offset);
  return refuseDamaged(
    FORMAT,
    `is a VHD of the unknown type ${viewOf(bytes).getUint32(60)}`,
    offset + 60,
  );
}

function openFixedVhd(size: number, footerOffset: number): BlockSource {
  if (size > footerOffset) {
    refuseCut(
      FORMAT,
      `is a fixed VHD of ${size} bytes by its footer, but only ${footerOffset} bytes precede it`,
      footerOffset + 48,
    );
  }
  if (size < footerOffset) {
    refuseDamaged(
      FORMAT,
      `is a fixed VHD of ${size} bytes by its footer, but ${footerOffset} bytes precede it`,
      footerOffset + 48,
    );
  }
  return openFlat(FORMAT, checkVirtualBytes(FORMAT, size, footerOffset + 48));
}

/**
 * A VHD whose footer is damaged, has 511 bytes, or is followed by zeros; null for anything else. What
 * the damaged footer cannot say has to be certain from elsewhere: its other size, or the disk itself.
 */
export async function openDamagedVhd(
  reader: DiskReader,
  tables: TableReader,
): Promise<BlockSource | null> {
  const body = reader.length - FOOTER_BYTES;
  const bytes = body > 0 ? await tables.read(body, FOOTER_BYTES) : null;
  if (bytes === null || !hasBytesAt(bytes, 0, "conectix")) return openMisplacedFooter(reader);
  const head = await tables.read(0, FOOTER_BYTES);
  const copy: FooterReading = head === null ? { kind: "blank" } : readFooter(head);
  if (head !== null && isRightDynamic(copy)) return openDynamicVhd(tables, viewOf(head), 0);
  const sizes = [readSize(bytes), readU64(viewOf(bytes), 40, false)];
  const isFixed = viewOf(bytes).getUint32(60) === 2;
  if (isFixed && sizes.includes(body))
    return openFlat(FORMAT, checkVirtualBytes(FORMAT, body, body));
  const finding = await inspectDisk(readerOfPart(reader, 0, body), { role: "data" });
  if (finding.format === "raw disk") return openFlat(FORMAT, checkVirtualBytes(FORMAT, body, body));
  return refuse(
    "damaged",
    "has a VHD footer whose checksum does not match its content, and the file does not show what the disk's size is",
    body,
    "The footer or the file is damaged. Compare it with the original and upload it again; or write a new one with 'qemu-img convert -f vpc -O vpc -o subformat=fixed,force_size SOURCE TARGET.vhd'.",
  );
}

function isRightDynamic(footer: FooterReading): boolean {
  return footer.kind === "footer" && footer.checksumMatches && footer.diskType !== "fixed";
}

async function openMisplacedFooter(reader: DiskReader): Promise<BlockSource | null> {
  if (reader.length < FOOTER_BYTES) return null;
  const { format, diskBytes } = readFormat(await readEnds(limitReader(reader)));
  const isMisplaced =
    format === "VHD with a 511-byte footer" || format === "VHD with bytes after its footer";
  if (!isMisplaced || diskBytes === null || diskBytes === 0) return null;
  return openFlat(FORMAT, checkVirtualBytes(FORMAT, diskBytes, diskBytes));
}

/** The size that the footer gives the disk; that of the original is the one before it. */
function readSize(footer: Uint8Array): number {
  return readU64(viewOf(footer), 48, false);
}
