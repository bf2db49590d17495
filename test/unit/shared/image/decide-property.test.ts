import { describe, expect, it } from "vitest";
import { decideOsDisk } from "../../../../shared/image/decide-os-disk.ts";
import { decideProperty, type PropertyQuestion } from "../../../../shared/image/decide-property.ts";
import type { Generation } from "../../../../shared/vocabulary.ts";
import { inspect, sample } from "../disk/disk-readers.ts";

const SEEN = "UEFI only: EFI system partition, no BIOS boot code";

function ask(parts: Partial<PropertyQuestion<Generation>>) {
  return decideProperty<Generation>({
    property: "hyperVGeneration",
    given: null,
    detected: "V2",
    confidence: "high",
    seen: SEEN,
    fallback: null,
    howToSet: "Set properties.hyperVGeneration.",
    mode: "enforce",
    ...parts,
  });
}

describe("what the user gives", () => {
  it.each(["V2", "both", null] as const)("is used where the disk says %s", (detected) => {
    expect(ask({ given: "V2", detected, fallback: "V1" })).toEqual({
      kind: "used",
      value: "V2",
      source: "given",
      warnings: [],
    });
  });

  it("is a mismatch where the disk says otherwise for certain", () => {
    expect(ask({ given: "V1" })).toEqual({
      kind: "mismatch",
      code: "DiskMismatch",
      message: `${SEEN}; hyperVGeneration V1 requested`,
      fix: 'Set hyperVGeneration to V2, or leave it out; with "inspect": "warn" in the manifest, the image is created as requested.',
    });
  });

  it.each([
    { mode: "warn", confidence: "high", warnings: [`${SEEN}; hyperVGeneration V1 requested`] },
    { mode: "enforce", confidence: "medium", warnings: [`${SEEN}; hyperVGeneration V1 requested`] },
    { mode: "enforce", confidence: "low", warnings: [`${SEEN}; hyperVGeneration V1 requested`] },
    { mode: "off", confidence: "high", warnings: [] },
  ] as const)("is used against a finding of $confidence confidence in mode $mode", (parts) => {
    const { mode, confidence, warnings } = parts;

    expect(ask({ given: "V1", mode, confidence })).toEqual({
      kind: "used",
      value: "V1",
      source: "given",
      warnings,
    });
  });
});

describe("what the user does not give", () => {
  it.each(["enforce", "warn"] as const)("comes from the disk when that is certain (%s)", (mode) => {
    expect(ask({ mode, fallback: "V1" })).toEqual({
      kind: "used",
      value: "V2",
      source: "detected",
      warnings: [],
    });
  });

  it("comes from the setting when the disk says otherwise, but hardly, with a warning", () => {
    expect(ask({ confidence: "low", fallback: "V1" })).toEqual({
      kind: "used",
      value: "V1",
      source: "fallback",
      warnings: [`${SEEN}; the default hyperVGeneration V1 is used, because that is not certain`],
    });
  });

  it("comes from the disk against the setting when it is likely, with a warning", () => {
    expect(ask({ confidence: "medium", fallback: "V1" })).toEqual({
      kind: "used",
      value: "V2",
      source: "detected",
      warnings: [`${SEEN}; hyperVGeneration V2 is used, not the default V1`],
    });
  });

  it("is missing where the setting names what the disk cannot be, and nothing else shows", () => {
    expect(ask({ detected: null, excluded: ["V1", "V2"], fallback: "V1" })).toEqual({
      kind: "missing",
      message: `hyperVGeneration is not set, and the disk rules out the default V1 (${SEEN})`,
      fix: "Set properties.hyperVGeneration.",
    });
  });

  it("comes from the setting whatever is excluded where the disk was not to be read", () => {
    expect(ask({ excluded: ["V1", "V2"], mode: "off", fallback: "V1" })).toMatchObject({
      value: "V1",
      source: "fallback",
    });
  });

  it("is never what the disk cannot be", () => {
    for (const confidence of ["high", "medium", "low"] as const) {
      for (const detected of ["V2", "both", null] as const) {
        const decision = ask({ confidence, detected, excluded: ["V1"], fallback: "V1" });

        expect(decision).not.toMatchObject({ value: "V1" });
      }
    }
  });

  it.each([
    { detected: "both", mode: "enforce" },
    { detected: null, mode: "enforce" },
    { detected: "V2", mode: "off" },
  ] as const)("comes from the setting where $detected is found in mode $mode", (parts) => {
    expect(ask({ ...parts, fallback: "V1" })).toEqual({
      kind: "used",
      value: "V1",
      source: "fallback",
      warnings: [],
    });
  });

  it("is missing where nobody knows it, and says what was seen and what to set", () => {
    expect(ask({ confidence: "medium" })).toEqual({
      kind: "missing",
      message: `hyperVGeneration is not set, and cannot be determined from the disk for certain (${SEEN})`,
      fix: "Set properties.hyperVGeneration.",
    });
  });

  it("is missing where the disk was not to be read", () => {
    expect(ask({ mode: "off" })).toEqual({
      kind: "missing",
      message: "hyperVGeneration is not set, and inspection of the disk is off",
      fix: "Set properties.hyperVGeneration.",
    });
  });
});

describe("decideOsDisk", () => {
  const question = {
    given: { osType: null, hyperVGeneration: null },
    fallback: { osType: null, hyperVGeneration: "V1" },
    mode: "enforce",
    howToSet: { osType: "Set osType.", hyperVGeneration: "Set hyperVGeneration." },
  } as const;

  it("takes system and generation from a disk that tells both", async () => {
    const finding = await inspect(sample("linux-gen2"));

    expect(decideOsDisk(finding, question)).toEqual({
      osType: { kind: "used", value: "Linux", source: "detected", warnings: [] },
      hyperVGeneration: { kind: "used", value: "V2", source: "detected", warnings: [] },
    });
  });

  it("contradicts a system that the disk is not of", async () => {
    const finding = await inspect(sample("windows-gen1"));
    const given = { osType: "Linux", hyperVGeneration: "V1" } as const;

    expect(decideOsDisk(finding, { ...question, given })).toEqual({
      osType: expect.objectContaining({
        kind: "mismatch",
        message: "Windows: NTFS, BOOTMGR, nothing of Linux; osType Linux requested",
      }),
      hyperVGeneration: { kind: "used", value: "V1", source: "given", warnings: [] },
    });
  });

  it.each(["V1", "V2"] as const)(
    "lets a disk that starts both ways be of %s",
    async (generation) => {
      const finding = await inspect(sample("linux-hybrid"));
      const given = { osType: null, hyperVGeneration: generation };

      expect(decideOsDisk(finding, { ...question, given }).hyperVGeneration).toEqual({
        kind: "used",
        value: generation,
        source: "given",
        warnings: [],
      });
    },
  );

  it("goes by settings for a disk that cannot be read", () => {
    expect(decideOsDisk(null, question)).toEqual({
      osType: {
        kind: "missing",
        message:
          "osType is not set, and cannot be determined from the disk for certain (the disk was not inspected)",
        fix: "Set osType.",
      },
      hyperVGeneration: { kind: "used", value: "V1", source: "fallback", warnings: [] },
    });
  });
});
