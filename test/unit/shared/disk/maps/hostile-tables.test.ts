import { describe, expect, it } from "vitest";
import { crc32c } from "../../../../../shared/disk/crc32c.ts";
import type { RefusalReason } from "../../../../../shared/disk/maps/refusal.ts";
import { buildVdi, buildVhd, buildVhdx } from "../../../../disks/maps/build-block-formats.ts";
import { buildQcow2, buildTar, buildVmdk } from "../../../../disks/maps/build-two-level-formats.ts";
import { countFile, mapFile } from "../../../../disks/maps/check-map.ts";
import type { DiskPlan, Slot } from "../../../../disks/maps/placement.ts";

const MIB = 1024 * 1024;

function planOf(count: number, slot: Slot): DiskPlan {
  return { slots: Array.from({ length: count }, () => slot), order: [], cut: 0 };
}

interface HostileFile {
  readonly title: string;
  readonly file: Uint8Array;
  readonly edit: (view: DataView, bytes: Uint8Array) => void;
  readonly reason: RefusalReason;
  readonly message: RegExp;
}

const vhd = (): Uint8Array => buildVhd(planOf(8, "data"));
const vhdx = (): Uint8Array => buildVhdx(planOf(2, "data"));
const vdi = (): Uint8Array => buildVdi(planOf(8, "data"));
const qcow2 = (): Uint8Array => buildQcow2(planOf(130, "data"));
const vmdk = (): Uint8Array => buildVmdk(planOf(8, "data"));
/** Where the only grain table and the directory of `vmdk()` begin: at its end. */
const GRAIN_TABLE = vmdk().length - 512 - 2048;
const DIRECTORY = vmdk().length - 512;

const text = (bytes: Uint8Array, at: number, value: string): void =>
  bytes.set(new TextEncoder().encode(value), at);

/** Rewrites a VHDX's header, with its checksum. */
function sealHeaders(view: DataView, bytes: Uint8Array, edit: (at: number) => void): void {
  for (const at of [65_536, 131_072]) {
    edit(at);
    view.setUint32(at + 4, crc32c(bytes.subarray(at, at + 4096), 4), true);
  }
}

const HOSTILE: readonly HostileFile[] = [
  {
    title: "a dynamic VHD whose blocks are all the same bytes",
    file: vhd(),
    edit: (view) => {
      for (let index = 1; index < 8; index++)
        view.setUint32(1536 + 4 * index, view.getUint32(1536));
    },
    reason: "damaged",
    message: /another part of the disk/,
  },
  {
    title: "a dynamic VHD with a block that reaches into another one",
    file: vhd(),
    edit: (view) => view.setUint32(1540, view.getUint32(1536) + 1),
    reason: "damaged",
    message: /another part of the disk/,
  },
  {
    title: "a dynamic VHD with a block over its own table",
    file: vhd(),
    edit: (view) => view.setUint32(1536, 3),
    reason: "damaged",
    message: /the block allocation table is stored too/,
  },
  {
    title: "a dynamic VHD with a block over its footer",
    file: vhd(),
    edit: (view, bytes) => view.setUint32(1536, (bytes.length - 512) / 512 - 8),
    reason: "damaged",
    message: /the footer is stored too|another part/,
  },
  {
    title: "a dynamic VHD with a block beyond the end",
    file: vhd(),
    edit: (view) => view.setUint32(1536 + 4 * 7, 0xffff_fffe),
    reason: "cut-short",
    message: /of the file, which ends after/,
  },
  {
    title: "a dynamic VHD with a wrong checksum of its header",
    file: vhd(),
    edit: (view) => view.setUint32(512 + 100, 1),
    reason: "damaged",
    message: /checksum/,
  },
  {
    title: "a VHDX with two blocks at the same place",
    file: vhdx(),
    edit: (view) => view.setBigUint64(2 * MIB + 8, view.getBigUint64(2 * MIB, true), true),
    reason: "damaged",
    message: /another part of the disk/,
  },
  {
    title: "a VHDX with an offset above 2^53",
    file: vhdx(),
    edit: (view) => view.setBigUint64(2 * MIB, (2n ** 64n - 2n ** 20n) | 6n, true),
    reason: "cut-short",
    message: /of the file, which ends after/,
  },
  {
    title: "a VHDX with a block in its metadata",
    file: vhdx(),
    edit: (view) => view.setBigUint64(2 * MIB, BigInt(3 * MIB) | 6n, true),
    reason: "damaged",
    message: /the metadata region is stored too/,
  },
  {
    title: "a VHDX with a partially present block",
    file: vhdx(),
    edit: (view) => view.setUint8(2 * MIB, 7),
    reason: "damaged",
    message: /relies on a parent/,
  },
  {
    title: "a VHDX with changes in its log",
    file: vhdx(),
    edit: (view, bytes) => sealHeaders(view, bytes, (at) => view.setUint8(at + 50, 1)),
    reason: "dirty",
    message: /changes in its log/,
  },
  {
    title: "a VHDX with a parent",
    file: vhdx(),
    edit: (view) => view.setUint32(3 * MIB + 65_536 + 4, 2, true),
    reason: "has-parent",
    message: /differencing/,
  },
  {
    title: "a VHDX with sectors of 4,096 bytes",
    file: vhdx(),
    edit: (view) => view.setUint32(3 * MIB + 65_536 + 16, 4096, true),
    reason: "unsupported",
    message: /4096 bytes/,
  },
  {
    title: "a VHDX with metadata that are required and unknown",
    file: vhdx(),
    edit: (view) => view.setUint32(3 * MIB + 32, 1, true),
    reason: "unsupported",
    message: /required/,
  },
  {
    title: "a VHDX of 128 TiB",
    file: vhdx(),
    edit: (view) => view.setBigUint64(3 * MIB + 65_536 + 8, 2n ** 47n, true),
    reason: "too-large",
    message: /64 TiB/,
  },
  {
    title: "a VHDX whose table is too small for its size",
    file: vhdx(),
    edit: (view) => view.setBigUint64(3 * MIB + 65_536 + 8, 2n ** 40n, true),
    reason: "damaged",
    message: /block allocation table of 1048576 bytes/,
  },
  {
    title: "a qcow2 image with one L2 table in two places",
    file: qcow2(),
    edit: (view) => view.setBigUint64(520, view.getBigUint64(512)),
    reason: "damaged",
    message: /a table at byte/,
  },
  {
    title: "a qcow2 image whose L1 table is its own L2 table",
    file: qcow2(),
    edit: (view) => view.setBigUint64(512, 512n),
    reason: "damaged",
    message: /the L1 table is stored too/,
  },
  {
    title: "a qcow2 image of 8 EiB",
    file: qcow2(),
    edit: (view) => view.setBigUint64(24, 2n ** 63n),
    reason: "too-large",
    message: /64 TiB/,
  },
  {
    title: "a qcow2 image whose L1 table is not in the file",
    file: qcow2(),
    edit: (view) => view.setBigUint64(40, 2n ** 62n),
    reason: "cut-short",
    message: /the L1 table/,
  },
  {
    title: "a qcow2 image with a backing file",
    file: qcow2(),
    edit: (view) => view.setBigUint64(8, 200n),
    reason: "has-parent",
    message: /backing file/,
  },
  {
    title: "an encrypted qcow2 image",
    file: qcow2(),
    edit: (view) => view.setUint32(32, 2),
    reason: "encrypted",
    message: /encrypted/,
  },
  {
    title: "a qcow2 image that is marked as corrupt",
    file: qcow2(),
    edit: (view) => view.setUint32(76, 2),
    reason: "dirty",
    message: /corrupt/,
  },
  {
    title: "a qcow2 image with its data in another file",
    file: qcow2(),
    edit: (view) => view.setUint32(76, 4),
    reason: "many-files",
    message: /another file/,
  },
  {
    title: "a qcow2 image with features of the future",
    file: qcow2(),
    edit: (view) => view.setUint32(76, 64),
    reason: "unsupported",
    message: /newer/,
  },
  {
    title: "a qcow2 image with an L1 table too small for its disk",
    file: qcow2(),
    edit: (view) => view.setBigUint64(24, 2n ** 40n),
    reason: "damaged",
    message: /L1 table of \d+ entries/,
  },
  {
    title: "a qcow2 image compressed in a way of the future",
    file: qcow2(),
    edit: (view) => {
      view.setUint32(76, 8);
      view.setUint32(100, 112);
      view.setUint8(104, 9);
    },
    reason: "unsupported",
    message: /type 9/,
  },
  {
    title: "a VHDX of a later version",
    file: vhdx(),
    edit: (view, bytes) => sealHeaders(view, bytes, (at) => view.setUint16(at + 66, 2, true)),
    reason: "damaged",
    message: /VHDX of version 2/,
  },
  {
    title: "a tar archive whose size has no digits",
    file: buildTar({ disk: vmdk() }),
    edit: (view, bytes) => {
      text(bytes, 124, "xxxxxxxxxxx");
      view.setUint8(156, 0x30);
    },
    reason: "archive",
    message: /damaged header/,
  },
  {
    title: "a VMDK with a grain in two places",
    file: vmdk(),
    edit: (view) => view.setUint32(GRAIN_TABLE + 4, view.getUint32(GRAIN_TABLE, true), true),
    reason: "damaged",
    message: /another part of the disk/,
  },
  {
    title: "a VMDK with a grain over its directory",
    file: vmdk(),
    edit: (view) => view.setUint32(GRAIN_TABLE, DIRECTORY / 512 - 7, true),
    reason: "damaged",
    message: /the grain directory is stored too|another part/,
  },
  {
    title: "a VMDK that was transferred as text",
    file: vmdk(),
    edit: (_, bytes) => text(bytes, 73, "\n \n\n"),
    reason: "damaged",
    message: /transferred as text/,
  },
  {
    title: "a VMDK with a parent",
    file: vmdk(),
    edit: (_, bytes) =>
      text(bytes, 512, "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=12345678"),
    reason: "has-parent",
    message: /parent/,
  },
  {
    title: "a VMDK of several files",
    file: vmdk(),
    edit: (_, bytes) =>
      text(
        bytes,
        512,
        '# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="twoGbMaxExtent',
      ),
    reason: "many-files",
    message: /extents/,
  },
  {
    title: "a VMDK that is in use",
    file: vmdk(),
    edit: (view) => view.setUint8(72, 1),
    reason: "dirty",
    message: /in use/,
  },
  {
    title: "a stream whose directory is just below the mark for the end of the file",
    file: buildVmdk(planOf(8, "packed"), true),
    edit: (view) => view.setUint8(56, 0),
    reason: "cut-short",
    message: /the grain directory at byte/,
  },
  {
    title: "a VMDK stream without its footer",
    file: buildVmdk(planOf(8, "packed"), true).slice(0, -1536),
    edit: () => {},
    reason: "cut-short",
    message: /footer/,
  },
  {
    title: "a VDI image with a block in two places",
    file: vdi(),
    edit: (view) => view.setUint32(516, view.getUint32(512, true), true),
    reason: "damaged",
    message: /another part of the disk/,
  },
  {
    title: "a VDI image with a parent",
    file: vdi(),
    edit: (view) => view.setUint32(0x1a8, 1, true),
    reason: "has-parent",
    message: /differencing/,
  },
  {
    title: "an archive with two disks",
    file: buildTar({ "a.vmdk": vmdk(), "b.vmdk": vmdk() }),
    edit: () => {},
    reason: "many-files",
    message: /2 disks in it \(a\.vmdk, b\.vmdk\)/,
  },
  {
    title: "an archive without a disk",
    file: buildTar({ "a.txt": new Uint8Array(100) }),
    edit: () => {},
    reason: "archive",
    message: /contains no disk/,
  },
];

describe("a file that is not converted", () => {
  it.each(HOSTILE)("$title", async ({ file, edit, reason, message }) => {
    const bytes = new Uint8Array(file);
    edit(new DataView(bytes.buffer), bytes);
    const { reader, spent } = countFile(bytes);
    const outcome = await mapFile(reader);
    if (outcome.kind === "map") throw new Error("it has a map");
    expect(outcome.refusal.reason).toBe(reason);
    expect(outcome.refusal.message).toMatch(message);
    expect(outcome.refusal.fix).toMatch(/'|Upload|Shut/);
    expect(spent.reads).toBeLessThan(40);
  });

  it.each([
    ["dynamic VHD", vhd()],
    ["VHDX", vhdx()],
    ["qcow2 image", qcow2()],
    ["VMDK", vmdk()],
    ["VDI image", vdi()],
  ])("a %s that ends early", async (_, bytes) => {
    for (const share of [0.2, 0.5, 0.9]) {
      const { reader } = countFile(bytes.subarray(0, Math.floor(share * bytes.length)));
      expect((await mapFile(reader)).kind).toBe("refused");
    }
  });

  it("an archive: the byte is counted in the archive", async () => {
    const bad = vmdk();
    text(bad, 73, "\n \n\n");
    const { reader } = countFile(buildTar({ "a.vmdk": bad }));
    const outcome = await mapFile(reader);
    expect(outcome.kind === "refused" && outcome.refusal.offset).toBe(512 + 73);
  });
});

describe("the two headers of a VHDX", () => {
  it("are ordered by sequence numbers that differ by one, however large these are", async () => {
    const bytes = vhdx();
    const view = new DataView(bytes.buffer);
    let sequence = 2n ** 63n;
    sealHeaders(view, bytes, (at) => {
      view.setBigUint64(at + 8, sequence++, true);
      view.setUint8(at + 50, at === 65_536 ? 1 : 0); // the older one still has a log
    });
    expect((await mapFile(countFile(bytes).reader)).kind).toBe("map");
  });
});
