import { expect, test } from "vitest";
import { buildFooter, computeGeometry } from "../../../../local/sample-vhds/footer.ts";
import { GIB, MIB } from "../../../../local/sample-vhds/index.ts";
import { OPTIONS } from "./sample-options.ts";

test("every field of a fixed footer is where the format has it", () => {
  const footer = buildFooter({ ...OPTIONS, type: "fixed" });
  expect(footer.length).toBe(512);
  expect(footer.toString("latin1", 0, 8)).toBe("conectix");
  expect(footer.readUInt32BE(8)).toBe(2);
  expect(footer.readUInt32BE(12)).toBe(0x10000);
  expect(footer.toString("hex", 16, 24)).toBe("ffffffffffffffff");
  expect(new Date(Date.UTC(2000, 0, 1) + footer.readUInt32BE(24) * 1000)).toEqual(
    OPTIONS.createdAt,
  );
  expect(footer.readBigUInt64BE(40)).toBe(BigInt(4 * GIB));
  expect(footer.readBigUInt64BE(48)).toBe(BigInt(4 * GIB));
  expect(footer.readUInt32BE(60)).toBe(2);
  expect(footer.toString("hex", 68, 84)).toBe("0123456789ab4cde8f0123456789abcd");
  expect(footer.subarray(84).every((byte) => byte === 0)).toBe(true);
});

test("sum of all bytes and checksum are each other's complement", () => {
  const footer = buildFooter({ ...OPTIONS, type: "fixed" });
  const stored = footer.readUInt32BE(64);
  footer.writeUInt32BE(0, 64);
  const sum = footer.reduce((total, byte) => total + byte, 0);
  expect(stored + sum).toBe(0xffff_ffff);
});

test("a dynamic footer points to the header behind it", () => {
  const footer = buildFooter({ ...OPTIONS, type: "dynamic" });
  expect(footer.readBigUInt64BE(16)).toBe(512n);
  expect(footer.readUInt32BE(60)).toBe(3);
});

// Worked out by hand from the published algorithm, one size for each of its branches.
test.each([
  { size: 3 * MIB, cylinders: 90, heads: 4, sectorsPerTrack: 17 },
  { size: 40 * MIB, cylinders: 963, heads: 5, sectorsPerTrack: 17 },
  { size: 127 * MIB, cylinders: 1019, heads: 15, sectorsPerTrack: 17 },
  { size: 200 * MIB, cylinders: 825, heads: 16, sectorsPerTrack: 31 },
  { size: 1 * GIB, cylinders: 2080, heads: 16, sectorsPerTrack: 63 },
  { size: 127 * GIB, cylinders: 65278, heads: 16, sectorsPerTrack: 255 },
  { size: 1024 * GIB, cylinders: 65535, heads: 16, sectorsPerTrack: 255 },
])("the geometry of $size bytes", ({ size, ...geometry }) => {
  expect(computeGeometry(size)).toEqual(geometry);
});
