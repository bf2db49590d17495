import { hasBytesAt } from "../bytes.ts";
import type { LimitedReader } from "../disk-reader.ts";
import type { TableReading } from "./layout.ts";

/** The second volume descriptor of ISO 9660, in sector 17 of 2048 bytes. El Torito's boot record is here. */
export const BOOT_RECORD = { offset: 17 * 2048, bytes: 512 } as const;
const LAST_DESCRIPTOR = 255;

/**
 * Whether the disk may have a boot catalogue as a CD has (El Torito 1.0; UEFI specification 13.3.2):
 * firmware looks for one before an MBR, on hard disks as well, and also where it is left over beneath
 * partitions. A GPT comes first. At most one read, of 512 bytes.
 */
export async function mayHaveElTorito(
  reader: LimitedReader,
  { table, isUnprotected }: Pick<TableReading, "table" | "isUnprotected">,
): Promise<boolean> {
  if (table === "gpt" && !isUnprotected) return false;
  const descriptor = await reader.read(BOOT_RECORD.offset, BOOT_RECORD.bytes);
  return descriptor !== null && isElTorito(descriptor);
}

/** A boot record, or another descriptor of a set that goes on: it may have one further on. */
export function isElTorito(descriptor: Uint8Array): boolean {
  return hasBytesAt(descriptor, 1, "CD001") && descriptor[0] !== LAST_DESCRIPTOR;
}
