import { describe, expect, it } from "vitest";
import {
  buildSampleVhd,
  createSparseImage,
  GIB,
  type SampleName,
} from "../../../../local/sample-vhds/index.ts";
import { READ_LIMITS } from "../../../../shared/disk/disk-reader.ts";
import type { SystemFinding } from "../../../../shared/image/decide-os-disk.ts";
import { NOW } from "../../../factories.ts";
import { createFakeApp, type FakeApp, type FakeAppOptions } from "../../../fakes/app.ts";
import { serviceError } from "../../../fakes/image-service.ts";

const UUID = "8f14e45f-ceea-467f-9575-6f1c6f4b3a10";
const SNAPSHOT =
  "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/g/providers/Microsoft.Compute/snapshots/s";
const VM = SNAPSHOT.replace("snapshots/s", "virtualMachines/vm");

function disk(name: SampleName) {
  return buildSampleVhd(name, { virtualSizeBytes: 4 * GIB, uuid: UUID, createdAt: NOW });
}

/** A manifest of a generalized OS disk; what a test is about is given. */
function manifest(
  parts: {
    osDisk?: object;
    dataDisks?: object[];
    hyperVGeneration?: string;
    inspect?: string;
  } = {},
) {
  const { osDisk, dataDisks, hyperVGeneration, inspect } = parts;
  return {
    ...(inspect && { inspect }),
    properties: {
      ...(hyperVGeneration && { hyperVGeneration }),
      storageProfile: {
        osDisk: { osState: "Generalized", ...(osDisk ?? { blobUri: "os.vhd" }) },
        ...(dataDisks && { dataDisks }),
      },
    },
  };
}

/** Carries out a manifest for `os.vhd`, which is one of the samples. */
async function carryOut(
  sample: SampleName,
  parts: Parameters<typeof manifest>[0] = {},
  options: FakeAppOptions = {},
): Promise<FakeApp> {
  const app = createFakeApp(options);
  await app.uploadDisk("os.vhd", disk(sample));
  await app.uploadManifest("web.json", manifest(parts));
  await app.run();
  return app;
}

/** System and generation in the request to the service; null when there was none. */
function asked(app: FakeApp): unknown {
  const [put] = app.images.puts;
  if (put === undefined) return null;
  const { properties } = put.body as {
    properties: {
      hyperVGeneration?: string;
      storageProfile?: { osDisk?: { osType?: string } };
    };
  };
  return [properties.storageProfile?.osDisk?.osType, properties.hyperVGeneration];
}

describe("what a manifest leaves open", () => {
  it.each([
    ["linux-gen1", ["Linux", "V1"]],
    ["linux-gen2", ["Linux", "V2"]],
    ["windows-gen1", ["Windows", "V1"]],
    ["windows-gen2", ["Windows", "V2"]],
  ] as const)("is taken from the disk where it is certain: %s", async (sample, expected) => {
    const defaults = { osType: sample.startsWith("linux") ? "Windows" : "Linux" } as const;
    const app = await carryOut(sample, {}, { defaults });

    expect(asked(app)).toEqual(expected);
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", warnings: [] });
  });

  it("is taken from the settings where the disk fits both generations", async () => {
    expect(asked(await carryOut("linux-hybrid"))).toEqual(["Linux", "V1"]);
    const defaults = { hyperVGeneration: "V2" } as const;
    expect(asked(await carryOut("linux-hybrid", {}, { defaults }))).toEqual(["Linux", "V2"]);
  });

  it("is taken from the settings where the disk hardly tells, with a warning of what it looks like", async () => {
    const properties = { hyperVGeneration: "V1" };
    const app = await carryOut("data-ntfs", properties, { defaults: { osType: "Linux" } });

    expect(asked(app)).toEqual(["Linux", "V1"]);
    expect(app.recordOf("web.json").warnings).toEqual([
      expect.stringMatching(/^os\.vhd: .*the default osType Linux is used/),
    ]);
    expect(app.recordOf("web.json").disks[0]?.warnings).toEqual([
      expect.stringContaining("looks like a data disk"),
    ]);
  });

  it("fails where no generation can start the disk, whatever the default is", async () => {
    const app = await carryOut("data-ntfs", {}, { defaults: { osType: "Linux" } });

    expect(app.images.puts).toEqual([]);
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "IncompleteRequest",
      message: expect.stringMatching(
        /hyperVGeneration is not set, and the disk rules out the default V1 \(neither BIOS nor UEFI/,
      ),
      target: "hyperVGeneration",
    });
  });

  it("fails where nothing shows it, with what was seen and what to set", async () => {
    const app = await carryOut("data-ext4");

    expect(app.images.puts).toEqual([]);
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "IncompleteRequest",
      message: expect.stringMatching(
        /^os\.vhd: osType is not set, and cannot be determined from the disk/,
      ),
      fix: expect.stringContaining("DEFAULT_OS_TYPE"),
      target: "osType",
      retryable: false,
    });
  });

  it("is decided again when the disk changes between its check and the request", async () => {
    const app = createFakeApp();
    await app.uploadDisk("os.vhd", disk("linux-gen1"));
    await app.uploadManifest("web.json", manifest());
    await app.run(() => app.recordOf("web.json").state === "submitting");
    await app.uploadDisk("os.vhd", disk("windows-gen2"));
    await app.run();

    expect(asked(app)).toEqual(["Windows", "V2"]);
  });

  it("is decided again for a disk that changes after a PUT that was refused", async () => {
    const app = createFakeApp();
    app.images.nextPuts.push(serviceError({ status: 429, code: "TooManyRequests" }));
    await app.uploadDisk("os.vhd", disk("linux-gen1"));
    await app.uploadManifest("web.json", manifest());
    await app.run(() => app.recordOf("web.json").retries > 0);
    await app.uploadDisk("os.vhd", disk("windows-gen2"));
    await app.run();

    expect(app.recordOf("web.json").decided).toEqual({
      osType: "Windows",
      hyperVGeneration: "V2",
    });
  });
});

describe("a request that contradicts its disk", () => {
  it("fails with what was seen and what was asked, and the service is not asked", async () => {
    const app = await carryOut("linux-gen2", { hyperVGeneration: "V1" });

    expect(app.images.puts).toEqual([]);
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "DiskMismatch",
      message: expect.stringMatching(/^os\.vhd: UEFI only: .*; hyperVGeneration V1 requested\.$/),
      fix: expect.stringContaining('"inspect": "warn"'),
      target: "hyperVGeneration",
    });
  });

  it("fails with every contradiction at once", async () => {
    const app = await carryOut("linux-gen2", {
      hyperVGeneration: "V1",
      osDisk: { blobUri: "os.vhd", osType: "Windows" },
    });

    expect(app.recordOf("web.json").error?.details.map(({ target }) => target)).toEqual([
      "osType",
      "hyperVGeneration",
    ]);
  });

  it("is done as asked with inspect warn, and warned of", async () => {
    const app = await carryOut("linux-gen2", { hyperVGeneration: "V1", inspect: "Warn" });

    expect(asked(app)).toEqual(["Linux", "V1"]);
    expect(app.recordOf("web.json").warnings).toEqual([
      expect.stringMatching(/^os\.vhd: UEFI only: .*hyperVGeneration V1 requested$/),
    ]);
  });

  it("is done as asked with inspect off, without a word", async () => {
    const app = await carryOut("linux-gen2", {
      hyperVGeneration: "V1",
      osDisk: { blobUri: "os.vhd", osType: "Windows" },
      inspect: "off",
    });

    expect(asked(app)).toEqual(["Windows", "V1"]);
    expect(app.recordOf("web.json").warnings).toEqual([]);
  });

  it("is done where the disk fits both", async () => {
    expect(asked(await carryOut("linux-hybrid", { hyperVGeneration: "V2" }))).toEqual([
      "Linux",
      "V2",
    ]);
  });

  it("fails for a VHD without a manifest too", async () => {
    const app = createFakeApp();
    await app.uploadDisk("web.vhd", disk("linux-gen2"), {
      osstate: "Generalized",
      hypervgeneration: "V1",
    });
    await app.run();

    expect(app.recordOf("web.vhd").error).toMatchObject({
      code: "DiskMismatch",
      message: expect.stringContaining("hyperVGeneration V1 requested"),
    });
  });
});

describe("a VHD without a manifest", () => {
  it("needs no word about system and generation", async () => {
    const app = createFakeApp();
    await app.uploadDisk("web.vhd", disk("windows-gen2"), { osstate: "Generalized" });
    await app.run();

    expect(asked(app)).toEqual(["Windows", "V2"]);
  });
});

describe("a disk of 3 TiB that starts by BIOS and by UEFI", () => {
  const options = { virtualSizeBytes: 3072 * GIB, uuid: UUID, createdAt: NOW };
  const hybrid = buildSampleVhd("linux-hybrid", options);

  it.each([
    ["a manifest", async (app: FakeApp) => app.uploadManifest("web.json", manifest())],
    ["none", async (app: FakeApp) => app.event("os.vhd")],
  ] as const)("is too large for the default generation 1, by %s", async (by, ask) => {
    const app = createFakeApp({ defaults: { osState: "Generalized" } });
    await app.uploadDisk("os.vhd", hybrid);
    await ask(app);
    await app.run();

    expect(app.images.puts).toEqual([]);
    expect(app.recordOf(by === "none" ? "os.vhd" : "web.json").error).toMatchObject({
      code: "VHDSizeInvalid",
      message: expect.stringContaining("an OS disk of generation 1"),
      fix: expect.stringContaining("set hyperVGeneration to V2"),
      target: "os.vhd",
    });
  });

  it("becomes an image of generation 2 where that is requested", async () => {
    const app = createFakeApp();
    await app.uploadDisk("os.vhd", hybrid);
    await app.uploadManifest("web.json", manifest({ hyperVGeneration: "V2" }));
    await app.run();

    expect(asked(app)).toEqual(["Linux", "V2"]);
  });
});

describe("the finding", () => {
  it("is kept with each disk, data disks too, and two OS disks are warned of", async () => {
    const app = createFakeApp();
    await app.uploadDisk("os.vhd", disk("linux-gen2"));
    await app.uploadDisk("second.vhd", disk("windows-gen2"));
    await app.uploadManifest(
      "web.json",
      manifest({ dataDisks: [{ lun: 0, blobUri: "second.vhd" }] }),
    );
    await app.run();
    const [os, data] = app.recordOf("web.json").disks;

    expect(os).toMatchObject({
      inspection: {
        format: "fixed VHD",
        virtualSize: 4 * GIB,
        partitionTable: "gpt",
        partitions: [{ fileSystem: "FAT32" }, { fileSystem: "ext4" }],
        osType: "Linux",
        hyperVGeneration: "V2",
        confidence: "high",
      },
      warnings: [],
    });
    expect(data).toMatchObject({
      inspection: { osType: "Windows" },
      warnings: ["looks like an OS disk, but is to be a data disk"],
    });
  });

  it("is kept of a disk that the service would not take", async () => {
    const app = await carryOut("broken-dynamic", {}, { conversion: { mode: "never" } });

    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: { code: "InvalidVhd" },
      disks: [{ inspection: { format: "dynamic VHD" } }],
    });
  });

  it("is repeated after a wait for a manifest that might have named the disk", async () => {
    const app = createFakeApp({
      conversion: { mode: "never" },
      defaults: { osState: "Generalized", osType: "Linux" },
    });
    await app.uploadDisk("os.vhd", disk("broken-dynamic"));
    await app.event("os.vhd");
    await app.runFor(290);
    app.blobs.putText({ container: "uploads", name: "unread.json" }, "{}");
    await app.runFor(20);
    expect(app.recordOf("os.vhd")).toMatchObject({
      state: "waiting",
      disks: [{ state: "complete", detail: expect.stringContaining("is a dynamic VHD") }],
    });
    await app.event("unread.json");
    await app.run();

    expect(app.recordOf("os.vhd").error?.code).toBe("InvalidVhd");
  });

  it("says how far the upload of a fixed VHD came whose end is blank", async () => {
    const app = createFakeApp();
    const { sizeBytes, extents } = disk("linux-gen1");
    await app.uploadDisk("os.vhd", createSparseImage(sizeBytes, extents.slice(0, -1)));
    await app.uploadManifest("web.json", manifest());
    await app.runFor(60);

    expect(app.recordOf("web.json")).toMatchObject({
      state: "waiting",
      disks: [
        {
          state: "uploading",
          detail: expect.stringMatching(
            /fixed VHD of 4096 MiB whose end is missing; \d+ of 4294967808 bytes/,
          ),
        },
      ],
    });
  });

  it("costs no more than its limits, whatever is on the disk, and every read names the ETag", async () => {
    const app = await carryOut("windows-gen2");
    const reads = app.blobs.reads.filter(({ ref }) => ref.name === "os.vhd");

    expect(reads.length).toBeLessThanOrEqual(READ_LIMITS.reads);
    expect(reads.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(64 * 1024);
  });
});

const GENERATION_2: Pick<SystemFinding, "osType"> & { hyperVGeneration: "V2" } = {
  osType: "Linux",
  hyperVGeneration: "V2",
};

describe("a snapshot as the OS disk", () => {
  it("tells system and generation itself", async () => {
    const app = createFakeApp();
    app.sources.set(SNAPSHOT, GENERATION_2);
    await app.uploadManifest("web.json", manifest({ osDisk: { snapshot: { id: SNAPSHOT } } }));
    await app.run();

    expect(asked(app)).toEqual(["Linux", "V2"]);
  });

  it("that is of another generation than requested is a mismatch", async () => {
    const app = createFakeApp();
    app.sources.set(SNAPSHOT, GENERATION_2);
    await app.uploadManifest(
      "web.json",
      manifest({ hyperVGeneration: "V1", osDisk: { snapshot: { id: SNAPSHOT } } }),
    );
    await app.run();

    expect(app.recordOf("web.json").error).toMatchObject({ code: "DiskMismatch" });
    expect(app.images.puts).toEqual([]);
  });

  it("that is not there fails before the image is requested", async () => {
    const app = createFakeApp({ defaults: { osType: "Linux" } });
    app.sources.set(SNAPSHOT, null);
    await app.uploadManifest("web.json", manifest({ osDisk: { snapshot: { id: SNAPSHOT } } }));
    await app.run();

    expect(app.recordOf("web.json").error?.message).toContain("does not exist");
    expect(app.images.puts).toEqual([]);
  });

  it("that is gone by now does not matter when the image is there and equals the request", async () => {
    const app = createFakeApp({ defaults: { osType: "Linux" } });
    app.sources.set(SNAPSHOT, {});
    const request = manifest({ osDisk: { snapshot: { id: SNAPSHOT } } });
    await app.uploadManifest("web.json", request);
    await app.run();
    app.sources.set(SNAPSHOT, null);
    await app.uploadManifest("again.json", { ...request, imageName: "web" });
    await app.run();

    expect(app.recordOf("again.json").state).toBe("succeeded");
    expect(app.images.puts).toHaveLength(1);
  });

  it("that may not be read is a warning, and the settings decide", async () => {
    const app = createFakeApp({ defaults: { osType: "Linux" } });
    app.sources.set(SNAPSHOT, serviceError({ status: 403, code: "AuthorizationFailed" }));
    await app.uploadManifest("web.json", manifest({ osDisk: { snapshot: { id: SNAPSHOT } } }));
    await app.run();

    expect(asked(app)).toEqual(["Linux", "V1"]);
    expect(app.recordOf("web.json").warnings).toEqual([
      expect.stringContaining("Microsoft.Compute/snapshots/read"),
    ]);
  });

  it("that cannot be read for now is read again later", async () => {
    const app = createFakeApp({ defaults: { osType: "Linux" } });
    app.sources.set(SNAPSHOT, serviceError({ status: 429, code: "TooManyRequests" }));
    await app.uploadManifest("web.json", manifest({ osDisk: { snapshot: { id: SNAPSHOT } } }));
    await app.run(() => app.recordOf("web.json").retries > 0);
    app.sources.set(SNAPSHOT, {});
    await app.run();

    expect(app.recordOf("web.json").state).toBe("succeeded");
  });
});

describe("a virtual machine as the source", () => {
  const fromMachine = (hyperVGeneration?: string) => ({
    properties: {
      sourceVirtualMachine: { id: VM },
      ...(hyperVGeneration && { hyperVGeneration }),
    },
  });
  const ready = { machine: { isGeneralized: true, powerState: "deallocated" } };

  it("brings its own generation", async () => {
    const app = createFakeApp();
    app.sources.set(VM, { ...GENERATION_2, ...ready });
    await app.uploadManifest("web.json", fromMachine());
    await app.run();

    expect(asked(app)).toEqual([undefined, undefined]);
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("is compared with the requested generation", async () => {
    const app = createFakeApp();
    app.sources.set(VM, { ...GENERATION_2, ...ready });
    await app.uploadManifest("web.json", fromMachine("V1"));
    await app.run();

    expect(app.recordOf("web.json").error?.code).toBe("DiskMismatch");
  });
});
