import { describe, expect, it } from "vitest";
import { isTargetName, targetNameOf } from "../../../../shared/conversion/target-name.ts";

const URI = "https://own.blob.core.windows.net/uploads/web.vhdx";

describe("the name of a converted disk", () => {
  it("is the same for the same version of a source", () => {
    expect(targetNameOf(URI, '"0x1"')).toBe(targetNameOf(URI, '"0x1"'));
    expect(isTargetName(targetNameOf(URI, '"0x1"'))).toBe(true);
  });

  it.each([
    ["another version", URI, '"0x2"'],
    ["another blob", URI.replace("web", "db"), '"0x1"'],
    ["another container", URI.replace("uploads", "other"), '"0x1"'],
    ["another account", URI.replace("own", "other"), '"0x1"'],
  ])("is another one for %s", (_, uri, etag) => {
    expect(targetNameOf(uri, etag)).not.toBe(targetNameOf(URI, '"0x1"'));
  });

  it.each([
    "web.vhd",
    "0123456789abcdef0123456.vhd",
    "0123456789ABCDEF01234567.vhd",
    "x/0123456789abcdef01234567.vhd",
  ])("is not %s", (name) => {
    expect(isTargetName(name)).toBe(false);
  });
});
