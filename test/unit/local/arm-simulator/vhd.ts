import type { ContainerClient } from "@azure/storage-blob";

export const mebibyte = 2 ** 20;

/** What to make wrong in a footer. */
export interface FooterOptions {
  readonly cookie?: string;
  readonly virtualSize?: number;
  readonly diskType?: number;
  readonly breakChecksum?: boolean;
}

/** Returns the footer of a fixed VHD of 1 MiB, with the requested faults. */
export function buildFooter(options: FooterOptions = {}): Buffer {
  const { cookie = "conectix", virtualSize = mebibyte, diskType = 2 } = options;
  const footer = Buffer.alloc(512);
  footer.write(cookie, 0, "latin1");
  footer.writeUInt32BE(2, 8);
  footer.writeUInt32BE(0x10000, 12);
  footer.fill(0xff, 16, 24);
  footer.writeBigUInt64BE(BigInt(virtualSize), 40);
  footer.writeBigUInt64BE(BigInt(virtualSize), 48);
  footer.writeUInt32BE(diskType, 60);
  const sum = footer.reduce((total, byte) => total + byte, 0);
  footer.writeUInt32BE(~(options.breakChecksum ? sum + 1 : sum) >>> 0, 64);
  return footer;
}

/** Creates a page blob of `length` bytes that ends in a footer; all before it is zero. */
export async function uploadVhd(
  container: ContainerClient,
  name: string,
  options: FooterOptions & { readonly length?: number } = {},
): Promise<void> {
  const length = options.length ?? (options.virtualSize ?? mebibyte) + 512;
  const blob = container.getPageBlobClient(name);
  await blob.create(length);
  await blob.uploadPages(buildFooter(options), length - 512, 512);
}
