import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putBodyOf, startTestWorld, type TestWorld } from "./world.ts";

const os = (blobUri: string) => ({ osType: "Linux", osState: "Generalized", blobUri });
const manifest = (osBlob: string, dataBlob?: string) => ({
  properties: {
    hyperVGeneration: "V2",
    storageProfile: {
      osDisk: os(osBlob),
      ...(dataBlob && { dataDisks: [{ lun: 0, blobUri: dataBlob }] }),
    },
  },
});
const metadata = {
  ostype: "linux",
  osstate: "generalized",
  hypervgeneration: "V2",
  tag_team: "blue",
};

let test: TestWorld;
beforeAll(async () => {
  // Long enough for a slow machine to upload a manifest after its VHDs.
  test = await startTestWorld({ SETTLE_SECONDS: "8" });
});
afterAll(() => test.close());

describe.concurrent("a manifest and its VHDs", () => {
  it("become an image when the manifest comes first, and the status says what it waits for", async () => {
    await test.putManifest("first.json", manifest("first-os.vhd", "first-data.vhd"));
    const waiting = await test.status("first.json", ({ state }) => state === "waiting");
    expect(waiting.disks).toMatchObject([
      { role: "os", blob: "first-os.vhd", state: "missing" },
      { role: "data", lun: 0, blob: "first-data.vhd", state: "missing" },
    ]);
    await test.putVhd("first-os.vhd");
    await test.putVhd("first-data.vhd", { sample: "data-ext4" });
    const done = await test.status("first.json");
    expect(done.state).toBe("succeeded");
    expect(done.disks.map(({ state }) => state)).toEqual(["complete", "complete"]);
  });

  it("become an image when the manifest comes between them", async () => {
    await test.putVhd("between-os.vhd");
    await test.putManifest("between.json", manifest("between-os.vhd", "between-data.vhd"));
    await test.putVhd("between-data.vhd", { sample: "data-ntfs" });
    expect((await test.status("between.json")).state).toBe("succeeded");
  });

  it("become an image when the manifest comes last, and the VHDs none of their own", async () => {
    await test.putVhd("last-os.vhd");
    await test.putVhd("last-data.vhd", { sample: "data-ext4" });
    await test.putManifest("last.json", manifest("last-os.vhd", "last-data.vhd"));
    expect((await test.status("last.json")).state).toBe("succeeded");
    for (const name of ["last-os.vhd", "last-data.vhd"]) {
      const own = await test.status(name);
      expect(own).toMatchObject({ state: "canceled", error: null });
      expect(own.events.at(-1)?.message).toMatch(/^is a disk of the manifest last\.json/);
    }
    const names = test.exchanges().map(({ url }) => new URL(url).pathname.split("/").at(-1));
    expect(names.filter((name) => name?.startsWith("last"))).toEqual(["last"]);
  });

  it("become two images when two manifests name one VHD", async () => {
    await test.putVhd("shared.vhd");
    await test.putManifest("one.json", manifest("shared.vhd"));
    await test.putManifest("two.json", manifest("shared.vhd"));
    expect((await test.status("one.json")).image?.id).toMatch(/\/images\/one$/);
    expect((await test.status("two.json")).image?.id).toMatch(/\/images\/two$/);
  });

  it("are a new request when the manifest is uploaded again, and the same image", async () => {
    await test.putVhd("again.vhd");
    await test.putManifest("again.json", manifest("again.vhd"));
    const first = await test.status("again.json");
    await test.putManifest("again.json", manifest("again.vhd"));
    const second = await test.status(
      "again.json",
      ({ requestId, state }) => requestId !== first.requestId && state === "succeeded",
    );
    expect(second.events.at(-1)?.message).toBe("the image already exists and matches the request");
    expect(await test.statuses("again.json")).toHaveLength(2);
    expect(await putBodyOf(test, "again")).toBeTruthy();
  });

  it("are refused when the VHD is new but the image is still the old one's", async () => {
    await test.putVhd("stale.vhd");
    await test.putManifest("stale.json", manifest("stale.vhd"));
    const first = await test.status("stale.json");
    await test.putVhd("stale.vhd");
    await test.putManifest("stale.json", manifest("stale.vhd"));
    const second = await test.status(
      "stale.json",
      ({ requestId, state }) => requestId !== first.requestId && state === "failed",
    );
    expect(second.error).toMatchObject({
      code: "ImageExists",
      message: expect.stringContaining("earlier upload of stale.vhd"),
    });
  });
});

describe.concurrent("a VHD without a manifest", () => {
  it("becomes an image with its data disks, told by names and metadata", async () => {
    await test.putVhd("bare.vhd", { metadata });
    await test.putVhd("bare.lun2.vhd", { sample: "data-ext4" });
    expect((await test.status("bare.vhd")).state).toBe("succeeded");
    expect(await putBodyOf(test, "bare")).toEqual({
      location: "westus",
      tags: { team: "blue" },
      properties: {
        hyperVGeneration: "V2",
        storageProfile: {
          osDisk: os(`${test.world.storage.blob}/uploads/bare.vhd`),
          dataDisks: [{ lun: 2, blobUri: `${test.world.storage.blob}/uploads/bare.lun2.vhd` }],
        },
      },
    });
    expect((await test.status("bare.lun2.vhd")).state).toBe("canceled");
  });

  it("fails with the metadata key and the setting for what nobody told", async () => {
    await test.putVhd("unknown.vhd");
    const { error } = await test.status("unknown.vhd");
    expect(error?.code).toBe("IncompleteRequest");
    expect(error?.message).toMatch(/'osstate'.*DEFAULT_OS_STATE/);
  });
});

describe.concurrent("a disk that Azure would not take", () => {
  it.each([
    { sample: "broken-dynamic", code: "InvalidVhd", says: "is a dynamic VHD" },
    { sample: "broken-checksum", code: "InvalidVhd", says: "checksum does not match" },
    { sample: "broken-size", code: "VHDSizeInvalid", says: "not a multiple of 1 MiB" },
  ] as const)(
    "$sample is refused with cause and fix, before the service is asked",
    async ({ sample, code, says }) => {
      await test.putVhd(`${sample}.vhd`, { sample });
      await test.putManifest(`${sample}.json`, {
        ...manifest(`${sample}.vhd`),
        convert: "never",
      });
      const { state, error } = await test.status(`${sample}.json`);
      expect(state).toBe("failed");
      expect(error).toMatchObject({
        code,
        message: expect.stringContaining(says),
        fix: expect.stringMatching(/\w/),
      });
      await expect(putBodyOf(test, sample)).rejects.toThrow("0 times");
    },
  );

  it("a block blob is refused with how to upload again", async () => {
    await test.uploads.getBlockBlobClient("block.vhd").upload("x".repeat(512), 512);
    await test.putManifest("block.json", manifest("block.vhd"));
    const { error } = await test.status("block.json");
    expect(error).toMatchObject({
      code: "IncorrectImageBlobType",
      fix: expect.stringContaining("page blob"),
    });
  });

  it("a raw disk is refused: where the footer should be there is something else", async () => {
    await test.putVhd("raw.vhd", { sample: "broken-no-footer" });
    await test.putManifest("raw.json", { ...manifest("raw.vhd"), convert: "never" });
    const { error } = await test.status("raw.json");
    expect(error).toMatchObject({
      code: "InvalidVhd",
      message: expect.stringContaining("raw.vhd is a raw disk: it has partitions"),
    });
  });

  it("one whose end was never written keeps the request waiting, and the status says why", async () => {
    await test.uploads.getPageBlobClient("half.vhd").create(1024 * 1024 + 512);
    await test.putManifest("half.json", manifest("half.vhd"));
    const status = await test.status(
      "half.json",
      ({ disks }) => disks[0]?.detail?.includes("no VHD footer") ?? false,
    );
    expect(status).toMatchObject({ state: "waiting", disks: [{ state: "uploading" }] });
  });
});

it.concurrent("files that are neither VHD nor manifest are ignored with one log line", async ({
  expect,
}) => {
  await test.putManifest("notes.txt", "hello");
  await test.putManifest("after-notes.json", "{");
  await test.status("after-notes.json");
  expect(await test.statuses("notes.txt")).toEqual([]);
  const ignored = (): number =>
    test.log.filter((line) => line.includes("upload.ignored") && line.includes("notes.txt")).length;
  await expect.poll(ignored, { timeout: 60_000 }).toBe(1);
});
