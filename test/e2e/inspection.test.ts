import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putBodyOf, startTestWorld, type TestWorld } from "./world.ts";

const MIB = 1024 ** 2;
const manifest = (blobUri: string, envelope: object = {}, properties: object = {}) => ({
  ...envelope,
  properties: {
    ...properties,
    storageProfile: { osDisk: { osState: "Generalized", blobUri } },
  },
});

let test: TestWorld;
beforeAll(async () => {
  test = await startTestWorld({ DEFAULT_OS_TYPE: "", DEFAULT_HYPERV_GENERATION: "V1" });
});
afterAll(() => test.close());

/** System and generation in the PUT of an image; null when the service received no PUT. */
async function asked(image: string): Promise<unknown> {
  const isAsked = ({ url }: { url: string }) => new URL(url).pathname.endsWith(`/images/${image}`);
  if (!test.exchanges().some(isAsked)) return null;
  const { properties } = (await putBodyOf(test, image)) as {
    properties: { hyperVGeneration: string; storageProfile: { osDisk: { osType: string } } };
  };
  return [properties.storageProfile.osDisk.osType, properties.hyperVGeneration];
}

describe.concurrent("a disk that tells what it is", () => {
  it.each([
    ["linux-gen1", "Linux", "V1", "mbr"],
    ["linux-gen2", "Linux", "V2", "gpt"],
    ["windows-gen1", "Windows", "V1", "mbr"],
    ["windows-gen2", "Windows", "V2", "gpt"],
  ] as const)(
    "%s becomes an image of its own kind, unasked",
    async (sample, osType, generation, table) => {
      const name = `own-${sample}`;
      await test.putVhd(`${name}.vhd`, { sample, sizeBytes: 2048 * MIB });
      await test.putManifest(`${name}.json`, manifest(`${name}.vhd`));
      const status = await test.status(`${name}.json`);

      expect(await asked(name)).toEqual([osType, generation]);
      expect(status).toMatchObject({ state: "succeeded", warnings: [] });
      expect(status.disks[0]?.inspection).toMatchObject({
        format: "fixed VHD",
        virtualSize: 2048 * MIB,
        partitionTable: table,
        osType,
        hyperVGeneration: generation,
        confidence: "high",
      });
    },
  );

  it("ends a request that contradicts it, before the service is asked", async () => {
    await test.putVhd("mismatch.vhd");
    await test.putManifest(
      "mismatch.json",
      manifest("mismatch.vhd", {}, { hyperVGeneration: "V1" }),
    );
    const { state, error } = await test.status("mismatch.json");

    expect(state).toBe("failed");
    expect(error).toMatchObject({ code: "DiskMismatch", target: "hyperVGeneration" });
    expect(error?.message).toMatch(/^mismatch\.vhd: UEFI only.*; hyperVGeneration V1 requested\.$/);
    expect(await asked("mismatch")).toBeNull();
  });

  it("is overruled by a manifest that says so, with a warning", async () => {
    await test.putVhd("overruled.vhd");
    await test.putManifest(
      "overruled.json",
      manifest("overruled.vhd", { inspect: "warn" }, { hyperVGeneration: "V1" }),
    );
    const { state, warnings } = await test.status("overruled.json");

    expect(state).toBe("succeeded");
    expect(warnings).toEqual([expect.stringContaining("hyperVGeneration V1 requested")]);
    expect(await asked("overruled")).toEqual(["Linux", "V1"]);
  });
});

describe.concurrent("a disk that does not tell its system", () => {
  it("ends the request with what was seen and what to set", async () => {
    await test.putVhd("silent.vhd", { sample: "data-ext4" });
    await test.putManifest("silent.json", manifest("silent.vhd"));
    const { error, disks, warnings } = await test.status("silent.json");

    expect(error).toMatchObject({ code: "IncompleteRequest", target: "osType" });
    expect(error?.fix).toContain("DEFAULT_OS_TYPE");
    expect(disks[0]?.warnings).toEqual([expect.stringContaining("looks like a data disk")]);
    expect(warnings).toEqual([expect.stringMatching(/^silent\.vhd: looks like a data disk/)]);
  });
});

describe.concurrent("a file that is not a fixed VHD", () => {
  it.each([
    ["broken-dynamic", "dynamic VHD", "subformat=fixed,force_size"],
    ["broken-no-footer", "raw disk", "qemu-img convert"],
  ] as const)(
    "%s is named for what it is, with the command that fixes it",
    async (sample, format, fix) => {
      await test.putVhd(`${sample}.vhd`, { sample });
      await test.putManifest(`${sample}.json`, {
        ...manifest(`${sample}.vhd`),
        convert: "never",
      });
      const status = await test.status(`${sample}.json`);

      expect(status.disks[0]?.inspection?.format).toBe(format);
      expect(status.error).toMatchObject({ code: "InvalidVhd" });
      expect(status.error?.fix).toContain(fix);
    },
  );
});
