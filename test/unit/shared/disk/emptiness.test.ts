import { describe, expect, it } from "vitest";
import { buildFooter } from "../../../../local/sample-vhds/footer.ts";
import { createSparseImage } from "../../../../local/sample-vhds/index.ts";
import { limitReader, READ_LIMITS } from "../../../../shared/disk/disk-reader.ts";
import { inspectDisk } from "../../../../shared/disk/inspect-disk.ts";
import type { PageRanges } from "../../../../shared/ports.ts";
import { checkContent } from "../../../../shared/stages/check-content.ts";
import type { StageContext } from "../../../../shared/stages/stage.ts";
import { NOW } from "../../../factories.ts";
import { MIB, readerOf } from "./disk-readers.ts";

const DISK_BYTES = 64 * MIB;
const FOOTER = buildFooter({
  virtualSizeBytes: DISK_BYTES,
  uuid: "8f14e45f-ceea-467f-9575-6f1c6f4b3a10",
  createdAt: NOW,
  type: "fixed",
});
const EMPTY = /^the disk is empty/;
const UNKNOWN = /^nothing is recognised on the disk: what was read of it is blank/;

function blankDisk() {
  return readerOf(createSparseImage(DISK_BYTES + 512, [{ offset: DISK_BYTES, bytes: FOOTER }]));
}

describe("a disk that is blank as read", () => {
  it.each([
    [false, EMPTY],
    [true, UNKNOWN],
    [null, UNKNOWN],
  ])("of which the store says written: %s", async (isWritten, expected) => {
    const ends: number[] = [];
    const { warnings } = await inspectDisk(
      {
        ...blankDisk(),
        isWritten: async (end) => {
          ends.push(end);
          return isWritten;
        },
      },
      { role: "data" },
    );

    expect(warnings).toEqual([expect.stringMatching(expected)]);
    expect(ends).toEqual([DISK_BYTES]); // the footer does not count
  });
});

describe("the question whether anything was written", () => {
  it("counts as a read, and is not put once the reads are used up", async () => {
    let calls = 0;
    const isWritten = async () => {
      calls += 1;
      return false;
    };
    const reader = limitReader({ ...blankDisk(), isWritten });
    for (let asked = 0; asked < READ_LIMITS.reads + 3; asked++) await reader.isWritten(1);

    expect(reader.spent()).toEqual({ reads: READ_LIMITS.reads, bytes: 0 });
    expect(calls).toBe(READ_LIMITS.reads);
    expect(await reader.isWritten(1)).toBeNull();
  });

  it("is answered with null by a source that cannot tell, at no cost", async () => {
    const reader = limitReader(blankDisk());

    expect(await reader.isWritten(1)).toBeNull();
    expect(reader.spent().reads).toBe(0);
  });
});

describe("a blank page blob", () => {
  const footer = { offset: DISK_BYTES, count: 512 };
  const check = async (ranges: PageRanges, type: "PageBlob" | "BlockBlob" = "PageBlob") => {
    const lists: { etag: string; limit: number }[] = [];
    const disk = blankDisk();
    const blob = { container: "vhds", name: "d.vhd", type, length: disk.length, etag: "e1" };
    const context = {
      blobs: {
        read: (_: unknown, { offset, count }: { offset: number; count: number }) =>
          disk.read(offset, count),
        listPageRanges: async (_: unknown, options: { etag: string; limit: number }) => {
          lists.push(options);
          return ranges;
        },
      },
      timing: { settleSeconds: 1, settleMinSeconds: 1 },
    } as unknown as StageContext;
    const progress = { name: "d.vhd", role: "data", lun: 0, state: "uploading", detail: null };
    const parts = { blob, generation: null } as unknown as Parameters<typeof checkContent>[1];
    const { disk: checked } = await checkContent(progress as never, parts, context);
    return { warnings: checked.warnings, lists };
  };

  it("is empty when only its footer was ever written: one call, one range, of this ETag", async () => {
    const { warnings, lists } = await check({ ranges: [footer], hasMore: false });

    expect(warnings).toEqual([expect.stringMatching(EMPTY)]);
    expect(lists).toEqual([{ etag: "e1", limit: 1 }]);
  });

  it.each([
    [
      "a range before the footer",
      { ranges: [{ offset: DISK_BYTES - 512, count: 1024 }], hasMore: false },
    ],
    ["more ranges than were listed", { ranges: [footer], hasMore: true }],
  ])("is not empty with %s", async (_, ranges) => {
    const { warnings } = await check(ranges);

    expect(warnings).toEqual([expect.stringMatching(UNKNOWN)]);
  });

  it("is not queried for ranges when it is a block blob, which has none", async () => {
    const { warnings, lists } = await check({ ranges: [], hasMore: false }, "BlockBlob");

    expect(warnings).toEqual([expect.stringMatching(UNKNOWN)]);
    expect(lists).toEqual([]);
  });
});
