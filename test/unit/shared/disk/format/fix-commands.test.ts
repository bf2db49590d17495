import { describe, expect, it } from "vitest";
import {
  convertWithoutFooter,
  convertWithQemu,
  nextWholeMib,
} from "../../../../../shared/disk/format/fix-commands.ts";
import { MIB } from "../disk-readers.ts";

const TO_FIXED = "-O vpc -o subformat=fixed,force_size";
const UPLOAD = "Upload {TARGET} as a page blob named {BLOB}.";

// What the commands do is tried in printed-commands.test.ts.
describe("the commands for a disk of another format", () => {
  it("convert one of whole MiB at once", () => {
    expect(convertWithQemu("vdi", 3 * MIB).split("\n")).toEqual([
      "Convert it:",
      `  qemu-img convert -f vdi ${TO_FIXED} {FILE} {TARGET}`,
      UPLOAD,
    ]);
  });

  it("enlarge one that is not", () => {
    expect(
      convertWithQemu("qcow2", 3 * MIB + 512)
        .split("\n")
        .slice(1),
    ).toEqual([
      "  qemu-img convert -f qcow2 -O raw {FILE} {RAW}",
      `  qemu-img resize -q -f raw {RAW} ${4 * MIB}`,
      `  qemu-img convert -f raw ${TO_FIXED} {RAW} {TARGET}`,
      UPLOAD,
    ]);
  });

  it("round one of an unknown size up", () => {
    expect(convertWithQemu("vhdx", null)).toContain("\n  truncate -s %1M {RAW}\n");
  });

  it("read a VHD by the size that it says", () => {
    expect(convertWithQemu("vpc", 3 * MIB)).toContain("convert --image-opts -O vpc");
    expect(convertWithQemu("vpc", 3 * MIB)).toContain(" {VPC_FILE} {TARGET}\n");
  });
});

it("a footer is cut off before the disk is converted", () => {
  expect(
    convertWithoutFooter(3 * MIB)
      .split("\n")
      .slice(1, 3),
  ).toEqual([
    `  head -c ${3 * MIB} {FILE} > {RAW}`,
    `  qemu-img resize -q -f raw {RAW} ${3 * MIB}`,
  ]);
});

it.each([
  [0, 0],
  [1, MIB],
  [MIB, MIB],
  [MIB + 1, 2 * MIB],
])("the next multiple of 1 MiB for %i is %i", (bytes, next) => {
  expect(nextWholeMib(bytes)).toBe(next);
});
