import { describe, expect, it } from "vitest";
import { kindOf } from "../../../../shared/stages/upload-kind.ts";

describe("kindOf", () => {
  it.each([
    ["web.json", "manifest"],
    ["a/b/Web.JSON", "manifest"],
    [".json", "manifest"],
    ["web.vhd", "vhd"],
    ["WEB.VHD", "vhd"],
    ["folder/.vhd", null],
    ["web.vhdx", "vhd"],
    ["web.Vhd.GZ", "vhd"],
    ["folder/.qcow2", null],
    ["readme.txt", null],
    ["vhd", null],
  ])("takes %s for %s", (name, kind) => {
    expect(kindOf(name)).toBe(kind);
  });
});
