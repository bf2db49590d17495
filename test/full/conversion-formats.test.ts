import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareDisk, startConvertingWorld, uploadDisk } from "../e2e/converted-disks.ts";
import type { TestWorld } from "../e2e/world.ts";

let test: TestWorld;
beforeAll(async () => {
  test = await startConvertingWorld();
});
afterAll(() => test?.close());

describe("a disk in another format, as a block blob", () => {
  it.concurrent.each([
    ["vhdx-1m", "disk.vhdx", "vhdx"],
    ["vmdk-stream", "stream.vmdk", "vmdk-stream"],
    ["vhd-dynamic", "dynamic.vhd", "vhd-dynamic"],
    ["ova", "appliance.ova", "vmdk-stream"],
  ])("%s becomes an image with the same content", async (fixture, blob, from) => {
    const imageName = `image-${fixture}`;
    await uploadDisk(test, { blob, fixture, imagename: imageName });
    const status = await test.status(blob);
    expect(status.error).toBeNull();
    expect(status.state).toBe("succeeded");
    expect(status.disks[0]?.conversion).toMatchObject({ from, percent: 100 });
    expect(status.events.map(({ state }) => state)).toContain("converting");
    const { found, expected } = await compareDisk(test, imageName);
    expect(found).toBe(expected);
  });
});
