import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFooter } from "../../../../../local/sample-vhds/footer.ts";
import {
  FOOTER_BYTES,
  footerChecksum,
  readFooter,
} from "../../../../../shared/disk/format/footer.ts";
import { findVhdProblem } from "../../../../../shared/disk/format/vhd-rules.ts";
import { NOW } from "../../../../factories.ts";

const GIB = 1024 ** 3;

/** The footer of a VHD of 1 GiB, with a 32-bit value written over it and a checksum that fits. */
function makeFooter(patch?: { offset: number; value: number }): Buffer {
  const footer = buildFooter({
    virtualSizeBytes: GIB,
    uuid: "8f14e45f-ceea-467f-9575-6f1c6f4b3a10",
    createdAt: NOW,
    type: "fixed",
  });
  if (patch !== undefined) {
    footer.writeUInt32BE(patch.value, patch.offset);
    footer.writeUInt32BE(footerChecksum(footer), 64);
  }
  return footer;
}

describe("readFooter", () => {
  it("reads type and virtual size of a fixed VHD", () => {
    expect(readFooter(makeFooter())).toEqual({
      kind: "footer",
      checksumMatches: true,
      diskType: "fixed",
      virtualSize: BigInt(GIB),
    });
  });

  it("reads from the middle of a larger buffer", () => {
    const larger = Buffer.concat([Buffer.alloc(7, 1), makeFooter(), Buffer.alloc(7, 1)]);

    expect(readFooter(larger.subarray(7, 7 + FOOTER_BYTES))).toMatchObject({
      kind: "footer",
      checksumMatches: true,
    });
  });

  it.each([
    [2, "fixed"],
    [3, "dynamic"],
    [4, "differencing"],
    [0, null],
    [5, null],
    [6, null],
  ])("calls type %i %s", (value, diskType) => {
    expect(readFooter(makeFooter({ offset: 60, value }))).toMatchObject({
      checksumMatches: true,
      diskType,
    });
  });

  it("reads sizes beyond 32 and 53 bits exactly", () => {
    expect(readFooter(makeFooter({ offset: 48, value: 0x7fff_ffff }))).toMatchObject({
      virtualSize: 0x7fff_ffff_4000_0000n,
    });
  });

  it.each([
    ["nothing at all", new Uint8Array(0)],
    ["zeros", new Uint8Array(FOOTER_BYTES)],
  ])("calls %s blank", (_, bytes) => {
    expect(readFooter(bytes)).toEqual({ kind: "blank" });
  });

  it.each([
    ["noise", Buffer.alloc(FOOTER_BYTES, 0xa5)],
    ["a footer that is cut short", makeFooter().subarray(0, 511)],
    ["a footer of an old 511-byte tool", makeFooter().subarray(1)],
    [
      "another cookie",
      Buffer.from(makeFooter().toString("latin1").replace("conectix", "CONECTIX"), "latin1"),
    ],
  ])("calls %s foreign", (_, bytes) => {
    expect(readFooter(bytes)).toEqual({ kind: "foreign" });
  });

  it("never throws, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(["blank", "foreign", "footer"]).toContain(readFooter(bytes).kind);
      }),
    );
  });
});

describe("any single changed byte of a footer", () => {
  it("is found out", () => {
    const length = GIB + FOOTER_BYTES;
    expect(findVhdProblem({ length, footer: readFooter(makeFooter()) })).toBeNull();

    fc.assert(
      fc.property(fc.nat(FOOTER_BYTES - 1), fc.integer({ min: 1, max: 255 }), (offset, mask) => {
        const footer = makeFooter();
        footer.writeUInt8(footer.readUInt8(offset) ^ mask, offset);

        const problem = findVhdProblem({ length, footer: readFooter(footer) });

        expect(problem?.code).toBe("InvalidVhd");
      }),
    );
  });
});

describe("footerChecksum", () => {
  it("is the one's complement of the sum of the other bytes", () => {
    const bytes = new Uint8Array(FOOTER_BYTES);
    expect(footerChecksum(bytes)).toBe(0xffff_ffff);

    bytes.fill(0xff, 64, 68);
    expect(footerChecksum(bytes)).toBe(0xffff_ffff);

    bytes[63] = 1;
    bytes[68] = 2;
    expect(footerChecksum(bytes)).toBe(0xffff_fffc);
  });
});
