import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseVhdName } from "../../../../shared/metadata/vhd-name.ts";

describe("parseVhdName", () => {
  it.each([
    ["web.vhdx", { stem: "web", extension: ".vhdx", lun: null }],
    ["web.lun2.QCOW2", { stem: "web", extension: ".QCOW2", lun: 2 }],
    ["web.lun2.vhd.gz", { stem: "web", extension: ".vhd.gz", lun: 2 }],
    ["web.raw.XZ", { stem: "web", extension: ".raw.XZ", lun: null }],
    ["web.vhd", { stem: "web", extension: ".vhd", lun: null }],
    ["web.VHD", { stem: "web", extension: ".VHD", lun: null }],
    ["a/b.c/web.v1.vhd", { stem: "a/b.c/web.v1", extension: ".vhd", lun: null }],
    ["web.lun0.vhd", { stem: "web", extension: ".vhd", lun: 0 }],
    ["web.LUN63.Vhd", { stem: "web", extension: ".Vhd", lun: 63 }],
    ["web.lun1.lun2.vhd", { stem: "web.lun1", extension: ".vhd", lun: 2 }],
    ["web.lun64.vhd", { stem: "web.lun64", extension: ".vhd", lun: null }],
    ["web.lun01.vhd", { stem: "web.lun01", extension: ".vhd", lun: null }],
    ["web.lun.vhd", { stem: "web.lun", extension: ".vhd", lun: null }],
    [".lun1.vhd", { stem: ".lun1", extension: ".vhd", lun: null }],
  ])("reads %s", (name, parts) => {
    expect(parseVhdName(name)).toEqual(parts);
  });

  it.each(["", "vhd", ".vhd", "web", "web.txt", "web.json", "web.vhd.json", ".lun1", "x.vhd/y"])(
    "gives null for %j",
    (name) => {
      expect(parseVhdName(name)).toBeNull();
    },
  );

  it("reads every data disk from 0 to 63", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(63), (stem, lun) => {
        fc.pre(!/[\n\r\u2028\u2029]/.test(stem));

        expect(parseVhdName(`${stem}.lun${lun}.vhd`)).toEqual({ stem, extension: ".vhd", lun });
      }),
    );
  });
});
