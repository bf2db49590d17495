import { describe, expect, it } from "vitest";
import { inspectionSchema, toInspection } from "../../../../shared/record/inspection.ts";
import { findRecordSizeProblem } from "../../../../shared/record/record-size.ts";
import { makeDisk, makeRecord } from "../../../factories.ts";
import { inspect, sample } from "../disk/disk-readers.ts";

const MAX_ENTITY_CHARACTERS = 512 * 1024;

describe("toInspection", () => {
  it("keeps of a finding what its schema knows, and nothing else", async () => {
    const inspection = toInspection(await inspect(sample("windows-gen2")));

    expect(inspectionSchema.strict().parse(inspection)).toEqual(inspection);
    expect(inspection).toMatchObject({ osType: "Windows", hyperVGeneration: "V2" });
  });

  it("cuts a label that is made to be long", async () => {
    const finding = await inspect(sample("linux-gen2"));
    const partitions = [{ type: "x", size: 1, fileSystem: "Btrfs", label: "b".repeat(256) }];

    expect(toInspection({ ...finding, partitions }).partitions[0]?.label).toHaveLength(36);
  });

  it("never cuts a character in two", async () => {
    const finding = await inspect(sample("linux-gen2"));
    const partitions = [{ type: "x", size: 1, fileSystem: "Btrfs", label: `b${"💾".repeat(60)}` }];
    const [partition] = toInspection({ ...finding, partitions }).partitions;

    expect(partition?.label).toBe(`b${"💾".repeat(35)}`);
  });

  it("fits 65 times into a record beside the longest names that are taken", async () => {
    const finding = await inspect(sample("linux-gen2"));
    const partition = { type: "Linux filesystem", size: 2 ** 43, fileSystem: "ext4" };
    const partitions = Array.from({ length: 16 }, () => ({ ...partition, label: '"'.repeat(36) }));
    const disk = makeDisk({ external: "x".repeat(3_750) });
    const bare = makeRecord({ disks: Array.from({ length: 65 }, () => disk) });
    const inspection = toInspection({ ...finding, partitions });
    const full = { ...bare, disks: bare.disks.map((one) => ({ ...one, inspection })) };

    expect(JSON.stringify(bare).length).toBeGreaterThan(255_000);
    expect(findRecordSizeProblem(full, "InvalidManifest")).toBeNull();
    expect(JSON.stringify(full).length).toBeLessThan(MAX_ENTITY_CHARACTERS);
  });
});
