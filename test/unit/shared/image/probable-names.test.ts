import { describe, expect, it } from "vitest";
import { folderOf, probableNames } from "../../../../shared/image/probable-names.ts";

const at = (folder: string) => ({ container: "uploads", folder });

describe("probableNames", () => {
  it.each([
    ["uploads/web-os.vhd", "", "web-os.vhd"],
    ["UPLOADS/web-os.vhd", "", "web-os.vhd"],
    ["/web-os.vhd", "", "web-os.vhd"],
    ["/uploads/web-os.vhd", "", "web-os.vhd"],
    ["./web-os.vhd", "", "web-os.vhd"],
    ["web%20os.vhd", "", "web os.vhd"],
    [" web-os.vhd", "", "web-os.vhd"],
    ["web-os.vhd\t", "", "web-os.vhd"],
    ["web-os.vhd", "team/", "team/web-os.vhd"],
    ["disks\\web-os.vhd", "", "disks/web-os.vhd"],
    ["C:\\disks\\web-os.vhd", "", "web-os.vhd"],
    ["web-os", "", "web-os.vhd"],
    ["web-os.vhdx", "", "web-os.vhd"],
    ["web-os.vhd.gz", "", "web-os.vhd"],
    ["web-os.vhd?sv=1", "", "web-os.vhd"],
    ["https://own.blob.core.windows.net/other/web-os.vhd", "", "web-os.vhd"],
    ["https://own.blob.core.windows.net/uploads/a/web-os.vhd", "", "a/web-os.vhd"],
  ])("takes %j in %j for %s", (text, folder, name) => {
    expect(probableNames(text, at(folder))).toContain(name);
  });

  it.each(["web.vhd", "", " ", "x".repeat(2000)])("has none for %j at the root", (text) => {
    expect(probableNames(text, at(""))).toEqual([]);
  });

  it("is bounded, whatever the text", () => {
    expect(probableNames("a/".repeat(300), at("b/".repeat(200))).length).toBeLessThan(40);
  });
});

it("folderOf gives the folder with its slash", () => {
  expect([folderOf("web.json"), folderOf("a/b/web.json")]).toEqual(["", "a/b/"]);
});
