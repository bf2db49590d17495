import { buildFooter, computeChecksum } from "../../../local/sample-vhds/footer.ts";
import { crc32c } from "../../../shared/disk/crc32c.ts";
import { contentOf, type DiskPlan, FileBuilder, orderBlocks, Structure } from "./placement.ts";

const MIB = 1024 * 1024;
export const VHD_BLOCK_BYTES = 4096;
export const VDI_BLOCK_BYTES = 4096;
export const VHDX_BLOCK_BYTES = MIB;

/** A dynamic VHD with blocks of 4 KiB. */
export function buildVhd(plan: DiskPlan): Uint8Array {
  const count = plan.slots.length;
  const file = new FileBuilder();
  const footer = buildFooter({
    virtualSizeBytes: count * VHD_BLOCK_BYTES - plan.cut,
    uuid: "11111111-2222-3333-4444-555555555555",
    createdAt: new Date(Date.UTC(2024, 0, 1)),
    type: "dynamic",
  });
  const header = new Structure(1024)
    .text(0, "cxsparse")
    .be64(8, 0xffff_ffff_ffff_ffffn)
    .be64(16, 1536)
    .be32(24, 0x1_0000)
    .be32(28, count)
    .be32(32, VHD_BLOCK_BYTES);
  header.be32(36, computeChecksum(header.bytes, 36));
  const table = new Structure(Math.ceil((4 * count) / 512) * 512);
  table.bytes.fill(0xff);
  file.put(0, footer);
  file.put(512, header.bytes);
  file.put(1536, table.bytes);
  for (const index of orderBlocks(plan)) {
    const offset = file.append(new Uint8Array(512).fill(0xff));
    file.append(contentOf(index, VHD_BLOCK_BYTES));
    table.be32(4 * index, offset / 512);
  }
  file.put(1536, table.bytes);
  file.append(footer);
  return file.finish();
}

/** A VDI image with blocks of 4 KiB. */
export function buildVdi(plan: DiskPlan): Uint8Array {
  const count = plan.slots.length;
  const data = 512 + Math.ceil((4 * count) / 512) * 512;
  const file = new FileBuilder();
  const header = new Structure(512)
    .le32(0x40, 0xbeda107f)
    .le32(0x44, 0x1_0001)
    .le32(0x4c, 1)
    .le32(0x154, 512)
    .le32(0x158, data)
    .le32(0x168, 512)
    .le64(0x170, count * VDI_BLOCK_BYTES - plan.cut)
    .le32(0x178, VDI_BLOCK_BYTES)
    .le32(0x180, count);
  const map = new Structure(data - 512);
  plan.slots.forEach((slot, index) => {
    map.le32(4 * index, slot === "zero" ? 0xffff_fffe : 0xffff_ffff);
  });
  orderBlocks(plan).forEach((index, place) => {
    map.le32(4 * index, place);
    file.put(data + place * VDI_BLOCK_BYTES, contentOf(index, VDI_BLOCK_BYTES));
  });
  file.put(0, header.bytes);
  file.put(512, map.bytes);
  return file.finish();
}

const GUIDS = {
  bat: "6677c22d23f600429d64115e9bfd4a08",
  metadata: "06a27c8b90479a4bb8fe575f050f886e",
  parameters: "3767a1ca36fa434db3b633f0aa44e76b",
  size: "2442a52f1bcd7648b2115dbed83bf4b8",
  sector: "1dbf41816fa90947ba47f233a8faab5f",
};

/** A VHDX with blocks of 1 MiB, its table at 2 MiB, its metadata at 3 MiB, its log at 1 MiB. */
export function buildVhdx(plan: DiskPlan): Uint8Array {
  const count = plan.slots.length;
  const file = new FileBuilder();
  const seal = (structure: Structure): Uint8Array =>
    structure.le32(4, crc32c(structure.bytes, 4)).bytes;
  const header = (sequence: number): Uint8Array =>
    seal(
      new Structure(4096).text(0, "head").le64(8, sequence).le16(66, 1).le32(68, MIB).le64(72, MIB),
    );
  const regions = new Structure(65_536).text(0, "regi").le32(8, 2);
  const region = (at: number, guid: string, offset: number): void => {
    regions.bytes.set(Buffer.from(guid, "hex"), at);
    regions
      .le64(at + 16, offset)
      .le32(at + 24, MIB)
      .le32(at + 28, 1);
  };
  region(16, GUIDS.bat, 2 * MIB);
  region(48, GUIDS.metadata, 3 * MIB);
  const items = new Structure(65_536 + 24).text(0, "metadata").le16(10, 3);
  const item = (index: number, guid: string, at: number, length: number): void => {
    const entry = 32 * index;
    items.bytes.set(Buffer.from(guid, "hex"), entry);
    items
      .le32(entry + 16, 65_536 + at)
      .le32(entry + 20, length)
      .le32(entry + 24, 4);
  };
  item(1, GUIDS.parameters, 0, 8);
  item(2, GUIDS.size, 8, 8);
  item(3, GUIDS.sector, 16, 4);
  items.le32(65_536, VHDX_BLOCK_BYTES);
  items.le64(65_544, count * VHDX_BLOCK_BYTES - plan.cut);
  items.le32(65_552, 512);
  file.put(0, new Structure(8).text(0, "vhdxfile").bytes);
  file.put(65_536, header(1));
  file.put(131_072, header(2));
  file.put(196_608, seal(regions));
  file.put(262_144, regions.bytes);
  file.put(3 * MIB, items.bytes);
  plan.slots.forEach((slot, index) => {
    const state = new Structure(8).le64(0, slot === "zero" ? 2 : 0);
    file.put(2 * MIB + 8 * index, state.bytes);
  });
  orderBlocks(plan).forEach((index, place) => {
    const offset = (4 + place) * MIB;
    file.put(2 * MIB + 8 * index, new Structure(8).le64(0, offset + 6).bytes);
    // A sector at both ends is enough to know a block by.
    file.put(offset, contentOf(index, 512));
    file.put(offset + MIB - 512, contentOf(index, 512));
  });
  return file.finish(Math.max(4 * MIB, file.length));
}
