import { describe, expect, it } from "vitest";
import { READ_LIMITS } from "../../../../shared/disk/disk-reader.ts";
import { inspectDisk } from "../../../../shared/disk/inspect-disk.ts";
import { DEBIAN_SYSTEMS } from "../../../disks/debian-systems.ts";
import { loadFixture, openFixture } from "../../../disks/disk-fixture.ts";

describe("a real Debian, which its own first program answered from", () => {
  it.each(DEBIAN_SYSTEMS)("$name is certain to be Linux, and starts as it did", async (system) => {
    const reader = openFixture(await loadFixture(system.name));
    const { starts } = system;

    const { osType, hyperVGeneration, certainty, excluded, warnings, problem } = await inspectDisk(
      reader,
      { role: "os" },
    );

    expect([osType, certainty.osType.confidence]).toEqual(["Linux", "high"]);
    const isBoth = starts.bios && starts.uefi;
    expect(hyperVGeneration).toBe(isBoth ? "both" : starts.bios ? "V1" : "V2");
    if (!isBoth) expect(certainty.hyperVGeneration.confidence).toBe("high");
    expect(excluded.hyperVGeneration).toEqual([
      ...(starts.bios ? [] : ["V1"]),
      ...(starts.uefi ? [] : ["V2"]),
    ]);
    expect([warnings, problem]).toEqual([[], null]);
    expect(reader.count.reads).toBeLessThanOrEqual(READ_LIMITS.reads);
    expect(reader.count.bytes).toBeLessThanOrEqual(READ_LIMITS.bytes);
  });
});

describe("a disk that was kept in part", () => {
  it("gives nothing for a sector that was not kept", async () => {
    const [system] = DEBIAN_SYSTEMS;
    const reader = openFixture(await loadFixture(system?.name ?? ""));

    await expect(reader.read(600 * 1024 * 1024, 512)).rejects.toThrow(/was not kept/);
  });
});
