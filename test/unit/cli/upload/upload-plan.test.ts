import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UploadOptions } from "../../../../cli/upload/upload-options.ts";
import { planUpload } from "../../../../cli/upload/upload-plan.ts";

const MANIFEST = {
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", blobUri: "prod/web.vhd" },
      dataDisks: [{ lun: 3, blobUri: "logs.vhd" }],
    },
  },
};
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plan-"));
  await writeFile(join(folder, "web.json"), JSON.stringify(MANIFEST));
  await writeFile(join(folder, "bad.json"), '{\n  "propertys": {}\n}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const plan = (files: readonly string[], options: Partial<UploadOptions> = {}) =>
  planUpload(files, { data: [], concurrency: 1, wait: true, output: "table", ...options }, folder);

describe("a plan of uploads", () => {
  it("makes an image of each file, with what was said of it as metadata", async () => {
    const requests = await plan(["a/web.vhd", "db.img"], {
      osType: "Linux",
      osState: "Specialized",
    });

    expect(requests).toMatchObject([
      { disks: [{ blob: "web.vhd", role: "os" }], manifest: null },
      { disks: [{ blob: "db.img" }], manifest: null },
    ]);
    expect(requests[0]?.disks[0]).toMatchObject({
      path: join(folder, "a/web.vhd"),
      shown: "a/web.vhd",
      metadata: { ostype: "Linux", osstate: "Specialized" },
    });
  });

  it("joins data disks to the file by a manifest, and leaves the OS disk for last", async () => {
    const [request] = await plan(["web.vhd"], {
      data: [{ lun: 1, path: "logs.vhd" }],
      name: "shop",
    });

    expect(request?.disks.map(({ blob, role, metadata }) => [blob, role, metadata])).toEqual([
      ["logs.vhd", "data", null],
      ["web.vhd", "os", null],
    ]);
    expect(request?.manifest?.blob).toBe("web.json");
    expect(JSON.parse(request?.manifest?.text ?? "")).toEqual({
      imageName: "shop",
      properties: {
        storageProfile: {
          osDisk: { blobUri: "web.vhd" },
          dataDisks: [{ lun: 1, blobUri: "logs.vhd" }],
        },
      },
    });
  });

  it("takes names and roles from the user's manifest", async () => {
    const [request] = await plan(["web.vhd", "x/logs.vhd"], { manifest: "web.json" });

    expect(request?.disks).toMatchObject([
      { blob: "prod/web.vhd", role: "os" },
      { blob: "logs.vhd", role: "data" },
    ]);
    expect(request?.manifest).toEqual({ blob: "web.json", text: JSON.stringify(MANIFEST) });
  });

  it("leaves the name of the file alone where no image has it", async () => {
    const gallery = { definition: "ubuntu" };
    for (const options of [{ name: "my-disk" }, { gallery }]) {
      const [request] = await plan(["my disk.vhd"], options);
      expect(request?.disks[0]?.blob).toBe("my disk.vhd");
    }
    const [data] = await plan(["web.lun1.vhd"]);
    expect(data?.disks[0]?.blob).toBe("web.lun1.vhd");
  });

  it.each<[string, readonly string[], Partial<UploadOptions>, RegExp]>([
    [
      "a manifest with a mistake",
      ["web.vhd"],
      { manifest: "bad.json" },
      /^bad\.json:2:3: propertys: is not a known key; did you mean 'properties'\?$/m,
    ],
    [
      "a manifest that does not name the file",
      ["db.vhd"],
      { manifest: "web.json" },
      /web\.json does not name db\.vhd; it names prod\/web\.vhd, logs\.vhd/,
    ],
    [
      "a manifest that does not exist",
      ["web.vhd"],
      { manifest: "no.json" },
      /^no\.json cannot be read: the file does not exist/,
    ],
    [
      "a manifest and options of the image",
      ["web.vhd"],
      { manifest: "web.json", osType: "Linux" },
      /--os-type cannot be used with --manifest/,
    ],
    [
      "a manifest and data disks",
      ["web.vhd"],
      { manifest: "web.json", data: [{ lun: 1, path: "a" }] },
      /--data cannot be used/,
    ],
    [
      "data disks of two files",
      ["a.vhd", "b.vhd"],
      { data: [{ lun: 1, path: "c" }] },
      /--data, --gallery and --name are for one image/,
    ],
    ["two files of one name", ["a/x.vhd", "b/X.vhd"], {}, /would become the blob/],
    ["a name that no blob can have", ["a\\b.vhd"], {}, /must not contain a backslash/],
    ["a file whose name no image can have", ["my disk.vhd"], {}, /^my disk\.vhd .*--name my-disk$/],
    [
      "a file with data disks whose name no image can have",
      ["my disk.vhd"],
      { data: [{ lun: 1, path: "c.vhd" }] },
      /--name my-disk$/,
    ],
    ["a name that no image can have", ["a.vhd"], { name: "-x" }, /"-x".*--name x$/],
    ["metadata that no header can hold", ["a.vhd"], { name: "größe" }, /ASCII/],
  ])("refuses %s", async (_, files, options, message) => {
    await expect(plan(files, options)).rejects.toThrow(message);
  });
});
