import { ArmError, invalidParameter } from "../errors.ts";

/** Length of a VHD's footer in bytes. */
export const FOOTER_BYTES = 512;

const MEBIBYTE = 1024 * 1024;
const CHECKSUM_OFFSET = 64;
const FIXED_DISK = 2;

/** A VHD in a blob, as its messages name it. */
export interface NamedVhd {
  readonly uri: string;
  /** The disk's name in messages: the last part of the blob's name. */
  readonly disk: string;
  /** Length of the blob in bytes. */
  readonly length: number;
}

/**
 * Judges the last 512 bytes of a VHD and returns the disk's virtual size in bytes. Layout: the
 * "Virtual Hard Disk Image Format Specification"; what must hold:
 * https://learn.microsoft.com/azure/virtual-machines/windows/prepare-for-upload-vhd-image.
 *
 * @throws ArmError 400: `InvalidParameter` for a wrong cookie (wording:
 * https://github.com/osbuild/osbuild-composer/issues/111), `InvalidVhd` for a bad checksum or a disk
 * that is not fixed, `VHDSizeInvalid` for a size that is not whole MiB or does not fit the blob
 */
export function judgeFooter(footer: Buffer, vhd: NamedVhd): number {
  if (footer.length < FOOTER_BYTES || footer.toString("latin1", 0, 8) !== "conectix") {
    throw invalidParameter(
      "disks",
      `The specified cookie value in VHD footer indicates that disk '${vhd.disk}' with blob ${vhd.uri} is not a supported VHD. Disk is expected to have cookie value 'conectix'.`,
    );
  }
  if (footer.readUInt32BE(CHECKSUM_OFFSET) !== computeChecksum(footer)) {
    throw invalidVhd(vhd, "the checksum of its footer is wrong");
  }
  if (footer.readUInt32BE(60) !== FIXED_DISK) throw invalidVhd(vhd, "it is not a fixed disk");
  const virtualSize = Number(footer.readBigUInt64BE(48));
  if (virtualSize === 0 || virtualSize % MEBIBYTE !== 0) {
    throw invalidSize(vhd, virtualSize, "The size must be a whole number (in MBs).");
  }
  if (vhd.length !== virtualSize + FOOTER_BYTES) {
    throw invalidSize(
      vhd,
      virtualSize,
      `The length of the blob is ${vhd.length} bytes, expected ${virtualSize + FOOTER_BYTES}.`,
    );
  }
  return virtualSize;
}

function invalidVhd(vhd: NamedVhd, reason: string): ArmError {
  return new ArmError(
    400,
    "InvalidVhd",
    `The disk '${vhd.disk}' with blob ${vhd.uri} is not a supported VHD: ${reason}.`,
    { target: "disks" },
  );
}

function invalidSize(vhd: NamedVhd, virtualSize: number, reason: string): ArmError {
  return new ArmError(
    400,
    "VHDSizeInvalid",
    `The VHD ${vhd.uri} has an unsupported virtual size of ${virtualSize} bytes. ${reason}`,
    { target: "disks" },
  );
}

/** The ones' complement of the sum of all bytes, the checksum itself counted as zero. */
function computeChecksum(footer: Buffer): number {
  const sum = footer.subarray(0, FOOTER_BYTES).reduce((total, byte, index) => {
    const isChecksum = index >= CHECKSUM_OFFSET && index < CHECKSUM_OFFSET + 4;
    return isChecksum ? total : total + byte;
  }, 0);
  return ~sum >>> 0;
}
