import { describe, expect, it } from "vitest";
import { buildFooter } from "../../../../../local/sample-vhds/footer.ts";
import { readFooter } from "../../../../../shared/disk/format/footer.ts";
import {
  buildFixedFooter,
  computeGeometry,
  deriveUuid,
} from "../../../../../shared/disk/maps/build-footer.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const createdAt = new Date(Date.UTC(2024, 4, 1));

describe("the footer of a fixed VHD", () => {
  it.each([MIB, 48 * MIB, 504 * MIB, 8 * GIB, 127 * GIB, 2040 * GIB, 8192 * GIB - MIB])(
    "for %d bytes equals one that was written by other code",
    async (diskBytes) => {
      const uuid = "01234567-89ab-cdef-0123-456789abcdef";
      const bytes = Buffer.from(uuid.replaceAll("-", ""), "hex");
      const other = buildFooter({ virtualSizeBytes: diskBytes, uuid, createdAt, type: "fixed" });
      const own = buildFixedFooter({ diskBytes, uuid: bytes, createdAt });
      // That code writes a GUID's first parts the other way round.
      expect(Buffer.from(own).subarray(0, 64)).toEqual(other.subarray(0, 64));
      expect(readFooter(own)).toEqual({
        kind: "footer",
        checksumMatches: true,
        diskType: "fixed",
        virtualSize: BigInt(diskBytes),
      });
    },
  );

  it("has a creator whose size readers trust", () => {
    const footer = buildFixedFooter({ diskBytes: MIB, uuid: new Uint8Array(16), createdAt });
    expect(Buffer.from(footer).toString("latin1", 28, 32)).toBe("win ");
  });

  it.each([
    // By hand, from the appendix of the specification.
    [96 * MIB, { cylinders: 963, heads: 12, sectorsPerTrack: 17 }],
    [8 * GIB, { cylinders: 16_644, heads: 16, sectorsPerTrack: 63 }],
    [2040 * GIB, { cylinders: 65_535, heads: 16, sectorsPerTrack: 255 }],
  ])("has the geometry of the specification for %d bytes", (bytes, geometry) => {
    expect(computeGeometry(bytes)).toEqual(geometry);
  });

  it("has a UUID that only the version of the source decides", async () => {
    const uuid = await deriveUuid('"0x8DC1"');
    expect(await deriveUuid('"0x8DC1"')).toEqual(uuid);
    expect(await deriveUuid('"0x8DC2"')).not.toEqual(uuid);
    expect([(uuid[6] ?? 0) >>> 4, (uuid[8] ?? 0) >>> 6]).toEqual([8, 2]);
  });
});
