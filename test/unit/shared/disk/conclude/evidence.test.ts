import { describe, expect, it } from "vitest";
import { gatherEvidence } from "../../../../../shared/disk/conclude/evidence.ts";
import type { FileSystemReading } from "../../../../../shared/disk/content/file-systems.ts";
import type { DiskLayout, ProbedPartition } from "../../../../../shared/disk/table/layout.ts";
import { UNDIVIDED } from "../../../../../shared/disk/table/read-table.ts";

const EXT4: FileSystemReading = { name: "ext4", system: "Linux", label: null, isSure: true };
const LINUX: ProbedPartition = {
  type: { name: "Linux", system: "Linux" },
  start: 1024 ** 2,
  size: 1024 ** 3,
  isActive: false,
  isIgnored: false,
  name: null,
  isRead: true,
  isBlank: false,
  fileSystem: EXT4,
  bootCode: "none",
  mayHoldDisk: false,
  hasGrubCore: false,
  windowsLoader: null,
  efi: null,
};
const layoutOf = (...partitions: readonly ProbedPartition[]): DiskLayout => ({
  ...UNDIVIDED,
  table: "gpt",
  partitions,
  hasElTorito: false,
});

describe("what counts as unknown", () => {
  const count = (layout: DiskLayout): number => gatherEvidence(layout).unknownCount;

  it("is not a partition whose file system is sure", () => {
    expect(count(layoutOf(LINUX))).toBe(0);
  });

  it("is a partition whose file system is not sure", () => {
    expect(count(layoutOf({ ...LINUX, fileSystem: { ...EXT4, isSure: false } }))).toBe(1);
  });

  it("is a partition of another system than its type says", () => {
    const ntfs = { name: "NTFS", system: "Windows", label: null, isSure: true } as const;
    expect(count(layoutOf({ ...LINUX, fileSystem: ntfs }))).toBe(1);
  });

  it("is a file system on the whole disk that is not sure", () => {
    const whole = (isSure: boolean): DiskLayout => ({
      ...layoutOf(),
      table: "none",
      wholeDisk: { ...EXT4, isSure },
    });
    expect([count(whole(true)), count(whole(false))]).toEqual([0, 1]);
  });

  it("is what the unread rest of a chain may still hold", () => {
    expect(count({ ...layoutOf(LINUX), isCut: true })).toBe(1);
  });
});
