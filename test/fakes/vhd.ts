import { footerChecksum } from "../../shared/disk/format/footer.ts";

/** Size of the disk in a test's VHD, in bytes. */
export const DISK_BYTES = 64 * 1024 * 1024;
/** Length of its blob: the disk and the footer. */
export const VHD_BYTES = DISK_BYTES + 512;

const TYPES = { fixed: 2, dynamic: 3, differencing: 4 } as const;

/** The footer of a VHD, correct unless a part of it is asked to be otherwise. */
export function makeFooter(
  parts: {
    type?: keyof typeof TYPES;
    virtualSize?: number;
    breakChecksum?: boolean;
    isSavedState?: boolean;
  } = {},
): Uint8Array {
  const footer = new Uint8Array(512);
  const view = new DataView(footer.buffer);
  footer.set(new TextEncoder().encode("conectix"));
  view.setUint32(8, 2);
  view.setUint32(12, 0x0001_0000);
  view.setBigUint64(16, 0xffff_ffff_ffff_ffffn);
  view.setBigUint64(40, BigInt(parts.virtualSize ?? DISK_BYTES));
  view.setBigUint64(48, BigInt(parts.virtualSize ?? DISK_BYTES));
  view.setUint32(60, TYPES[parts.type ?? "fixed"]);
  view.setUint8(84, parts.isSavedState ? 1 : 0);
  view.setUint32(64, footerChecksum(footer) ^ (parts.breakChecksum ? 1 : 0));
  return footer;
}
