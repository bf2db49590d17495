import { describe, expect, it } from "vitest";
import type { FooterReading } from "../../../../../shared/disk/format/footer.ts";
import {
  findVhdProblem,
  VHD_RULES,
  type VhdFacts,
} from "../../../../../shared/disk/format/vhd-rules.ts";
import { MIB } from "../disk-readers.ts";

/** A VHD of 2 MiB that meets every rule, with the given fields of its footer changed. */
function facts(
  footer: Partial<Extract<FooterReading, { kind: "footer" }>> = {},
  length = 2 * MIB + 512,
): VhdFacts {
  return {
    length,
    footer: {
      kind: "footer",
      checksumMatches: true,
      diskType: "fixed",
      virtualSize: BigInt(2 * MIB),
      ...footer,
    },
  };
}

describe("findVhdProblem", () => {
  it("finds nothing wrong with a fixed VHD of whole MiB", () => {
    expect(findVhdProblem(facts())).toBeNull();
  });

  it.each(["blank", "foreign"] as const)("finds a %s end", (kind) => {
    expect(findVhdProblem({ length: 512, footer: { kind } })).toMatchObject({
      code: "InvalidVhd",
      message: "has no VHD footer: its last 512 bytes do not begin with the cookie 'conectix'",
      fix: expect.stringMatching(/^Renaming a file does not make it a VHD\.\n/),
    });
  });

  it("finds a checksum that does not match, before anything the footer says", () => {
    const damaged = facts({ checksumMatches: false, diskType: "dynamic", virtualSize: 1n });

    expect(findVhdProblem(damaged)).toMatchObject({
      code: "InvalidVhd",
      message: "has a VHD footer whose checksum does not match its content",
    });
  });

  it.each([
    [
      "dynamic",
      "is a dynamic VHD; only fixed VHDs can become images",
      /^Convert it:\n {2}qemu-img/,
    ],
    ["differencing", "is a differencing VHD; only fixed VHDs can become images", /^Merge it into/],
    [
      null,
      "is a VHD of an unknown type, not a fixed VHD; only fixed VHDs can become images",
      /^Remove the footer/,
    ],
  ] as const)("finds the type %s", (diskType, message, fix) => {
    expect(findVhdProblem(facts({ diskType }))).toMatchObject({
      code: "InvalidVhd",
      message,
      fix: expect.stringMatching(fix),
    });
  });

  it.each([
    { length: 2 * MIB, difference: "512 bytes are missing" },
    { length: 2 * MIB + 511, difference: "1 bytes are missing" },
    { length: 2 * MIB + 513, difference: "1 bytes are too many" },
  ])("finds the length $length: $difference", ({ length, difference }) => {
    expect(findVhdProblem(facts({}, length))).toMatchObject({
      code: "VHDSizeInvalid",
      message: `is ${length} bytes long, but its footer describes a disk of 2097152 bytes, which is 2097664 bytes with the footer: ${difference}`,
    });
  });

  it("finds a footer without a disk", () => {
    expect(findVhdProblem(facts({ virtualSize: 0n }, 512))).toMatchObject({
      code: "VHDSizeInvalid",
      message: "has a virtual size of 0 bytes: it is a footer without a disk",
    });
  });

  it.each([
    { virtualSize: 2 * MIB - 512, next: 2 * MIB },
    { virtualSize: 2 * MIB + 1, next: 3 * MIB },
  ])("finds a disk of $virtualSize bytes, and asks for $next", ({ virtualSize, next }) => {
    const uneven = facts({ virtualSize: BigInt(virtualSize) }, virtualSize + 512);

    expect(findVhdProblem(uneven)).toMatchObject({
      code: "VHDSizeInvalid",
      message: `has a virtual size of ${virtualSize} bytes, which is not a multiple of 1 MiB; the next valid size is ${next} bytes`,
      fix: expect.stringContaining(`qemu-img resize -q -f raw {RAW} ${next}\n`),
    });
  });
});

describe("every rule", () => {
  it.each(VHD_RULES)("says why: $why", ({ why, fix }) => {
    expect(why).toMatch(/\.$/);
    expect(fix(facts())).toMatch(/\.$|Fixed$/);
    expect(fix({ length: 512, footer: { kind: "blank" } })).toMatch(/\.$/);
  });

  it("but the first leaves it to the first to report a missing footer", () => {
    const blank: VhdFacts = { length: 512, footer: { kind: "blank" } };

    expect(VHD_RULES.slice(1).map(({ problem }) => problem(blank))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
