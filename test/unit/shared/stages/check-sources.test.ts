import { beforeEach, describe, expect, it } from "vitest";
import type { ImageRequest } from "../../../../shared/image/image-request.ts";
import type { SourceFacts } from "../../../../shared/ports.ts";
import { checkSources, type SourcesCheck } from "../../../../shared/stages/check-sources.ts";
import { computeId, makeDataDisk, makeImageRequest, makeOsDisk } from "../../../factories.ts";
import { serviceError } from "../../../fakes/image-service.ts";
import { createFakeSourceService, type FakeSourceService } from "../../../fakes/source-service.ts";

const SNAPSHOT = computeId("snapshots", "system");
const DISK = computeId("disks", "logs");
const VM = computeId("virtualMachines", "builder");

const fromSnapshot = makeImageRequest({
  osDisk: makeOsDisk({ source: { kind: "snapshot", id: SNAPSHOT } }),
  dataDisks: [makeDataDisk(), makeDataDisk({ source: { kind: "managedDisk", id: DISK } })],
});
const { osDisk: _, ...rest } = makeImageRequest();
const fromMachine: ImageRequest = { ...rest, sourceVirtualMachine: VM };
const AT_REST = { isGeneralized: true, powerState: "deallocated" };

let sources: FakeSourceService;

beforeEach(() => {
  sources = createFakeSourceService();
  sources.set(SNAPSHOT, { osType: "Linux", hyperVGeneration: "V1" });
  sources.set(VM, { machine: AT_REST });
});

const check = (request: ImageRequest = fromSnapshot): Promise<SourcesCheck> =>
  checkSources(request, { sources });
const checkMachine = (machine: SourceFacts["machine"]): Promise<SourcesCheck> => {
  sources.set(VM, { machine });
  return check(fromMachine);
};

describe("checkSources", () => {
  it("lets sources pass that can become an image, and asks for each once", async () => {
    expect(await check()).toMatchObject({ failure: null, warnings: [] });
    expect(await check(fromMachine)).toMatchObject({ failure: null, warnings: [] });
    expect(sources.reads).toEqual([SNAPSHOT, DISK, VM]);
  });

  it("asks for nothing when every disk is a blob", async () => {
    expect(await check(makeImageRequest())).toEqual({ failure: null, warnings: [], finding: null });
    expect(sources.reads).toEqual([]);
  });

  it("asks at the same time for all of them", async () => {
    const started: string[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = {
      read: async ({ id }: { id: string }) => {
        started.push(id);
        await gate;
        return null;
      },
    };
    const checking = checkSources(fromSnapshot, { sources: slow });
    expect(started).toEqual([SNAPSHOT, DISK]);
    release();
    await checking;
  });

  it("asks once for a source of two disks, whatever the case of its id", async () => {
    sources.set(DISK, null);
    const twice = [DISK, DISK.toUpperCase()].map((id, lun) =>
      makeDataDisk({ lun, source: { kind: "managedDisk", id } }),
    );
    const { failure } = await check({ ...fromSnapshot, dataDisks: twice });
    expect(sources.reads).toEqual([SNAPSHOT, DISK]);
    expect(failure?.details.map(({ target }) => target)).toEqual([
      "properties.storageProfile.dataDisks[0].managedDisk",
      "properties.storageProfile.dataDisks[1].managedDisk",
    ]);
  });
});

describe("a source that does not exist", () => {
  it.each([
    ["snapshot", SNAPSHOT, fromSnapshot, "properties.storageProfile.osDisk.snapshot"],
    ["managed disk", DISK, fromSnapshot, "properties.storageProfile.dataDisks[1].managedDisk"],
    ["virtual machine", VM, fromMachine, "properties.sourceVirtualMachine"],
  ])("fails as the service itself would answer: %s", async (noun, id, request, target) => {
    sources.set(id, null);
    const message = `The ${noun} ${id} does not exist.`;
    expect((await check(request)).failure).toEqual({
      code: "NotFound",
      message,
      fix: `Correct '${target}.id', or create what it names, and upload the manifest again.`,
      retryable: false,
      target,
      details: [{ code: "NotFound", message, target }],
    });
  });

  it("is reported together with everything else that is wrong", async () => {
    sources.set(SNAPSHOT, null);
    sources.set(DISK, { location: "eastus" });
    const { failure } = await check();
    expect(failure?.message).toContain(
      `${SNAPSHOT} does not exist. The managed disk ${DISK} is in`,
    );
    expect(failure?.details).toHaveLength(2);
  });
});

describe("the location of a source", () => {
  it.each(["westeurope", "West Europe", "WESTEUROPE"])("may be written %s", async (location) => {
    sources.set(SNAPSHOT, { location });
    expect((await check({ ...fromSnapshot, location: "West Europe" })).failure).toBeNull();
  });

  it.each([
    { kind: "snapshot", id: SNAPSHOT, request: fromSnapshot, fix: /az snapshot create/ },
    {
      kind: "virtual machine",
      id: VM,
      request: fromMachine,
      fix: /^Set 'location' to 'East US'\.$/,
    },
  ])("that is not the image's fails with both locations: $kind", async ({ id, request, fix }) => {
    sources.set(id, { location: "East US", machine: AT_REST });
    expect((await check(request)).failure).toMatchObject({
      code: "NotFound",
      message: expect.stringMatching(
        /is in the location 'East US', but the image is to be created in 'westeurope'\.$/,
      ),
      fix: expect.stringMatching(fix),
    });
  });

  it("is not compared when the source does not report it", async () => {
    sources.set(SNAPSHOT, { location: null });
    expect((await check()).failure).toBeNull();
  });
});

describe("a virtual machine", () => {
  it("that is not generalized fails with the commands for it", async () => {
    const { failure } = await checkMachine({ ...AT_REST, isGeneralized: false });
    expect(failure).toMatchObject({
      code: "OperationNotAllowed",
      message: `The virtual machine ${VM} is not marked as generalized.`,
      target: "properties.sourceVirtualMachine",
    });
    expect(failure?.fix).toContain(`'az vm deallocate --ids ${VM}'`);
    expect(failure?.fix).toContain(`'az vm generalize --ids ${VM}'`);
  });

  it.each(["running", "starting", "stopping", "deallocating"])(
    "that is %s fails",
    async (powerState) => {
      expect((await checkMachine({ ...AT_REST, powerState })).failure).toMatchObject({
        code: "OperationNotAllowed",
        message: `The virtual machine ${VM} is ${powerState}, not deallocated.`,
        fix: `Stop it with 'az vm deallocate --ids ${VM}'.`,
      });
    },
  );

  it("that runs and is not generalized gets both reported", async () => {
    const { failure } = await checkMachine({ isGeneralized: false, powerState: "running" });
    expect(failure?.details.map(({ message }) => message)).toEqual([
      `The virtual machine ${VM} is not marked as generalized.`,
      `The virtual machine ${VM} is running, not deallocated.`,
    ]);
  });

  it("that is stopped but not deallocated is left to the service, with a warning", async () => {
    expect(await checkMachine({ ...AT_REST, powerState: "stopped" })).toMatchObject({
      failure: null,
      warnings: [expect.stringContaining("is stopped, but not deallocated")],
    });
  });

  it("that does not tell its state is left to the service, with warnings", async () => {
    expect(await checkMachine({ isGeneralized: null, powerState: null })).toMatchObject({
      failure: null,
      warnings: [
        `The virtual machine ${VM} does not show whether it is generalized.`,
        `The virtual machine ${VM} does not show whether it is deallocated.`,
      ],
    });
  });
});

describe("what managed images do not support", () => {
  it.each([
    [{ architecture: "Arm64" }, "is for Arm64: a managed image is always treated as x64"],
    [{ securityType: "TrustedLaunch" }, "has the security type TrustedLaunch, which managed"],
  ] as const)("is a warning for the OS disk: %o", async (facts, text) => {
    sources.set(SNAPSHOT, facts);
    expect(await check()).toMatchObject({
      failure: null,
      warnings: [expect.stringContaining(`The snapshot ${SNAPSHOT} ${text}`)],
    });
  });

  it("is nothing to warn of for a data disk", async () => {
    sources.set(DISK, { architecture: "Arm64", securityType: "TrustedLaunch" });
    expect((await check()).warnings).toEqual([]);
  });
});

describe("an error of the service", () => {
  it.each([
    ["snapshot", SNAPSHOT, fromSnapshot, "Microsoft.Compute/snapshots/read"],
    ["managed disk", DISK, fromSnapshot, "Microsoft.Compute/disks/read"],
    ["virtual machine", VM, fromMachine, "Microsoft.Compute/virtualMachines/read"],
  ])("for a missing right is a warning that names it: %s", async (noun, id, request, right) => {
    sources.set(id, serviceError({ status: 403, code: "AuthorizationFailed" }));
    expect(await check(request)).toMatchObject({
      failure: null,
      warnings: [
        `The ${noun} ${id} could not be checked: the app's identity lacks the right ${right} on it.`,
      ],
    });
  });

  it("for a missing right leaves the system of the OS disk open", async () => {
    sources.set(SNAPSHOT, serviceError({ status: 403 }));
    expect((await check()).finding).toBeNull();
  });

  it.each([401, 404, 429, 500, 503, null])("with status %s is thrown", async (status) => {
    const error = serviceError({ status });
    sources.set(DISK, error);
    await expect(check()).rejects.toBe(error);
  });
});

describe("what the source says about its system", () => {
  it("is certain", async () => {
    expect((await check()).finding).toEqual({
      osType: "Linux",
      hyperVGeneration: "V1",
      certainty: {
        osType: { confidence: "high", reason: "the snapshot has the osType Linux" },
        hyperVGeneration: {
          confidence: "high",
          reason: "the snapshot has the hyperVGeneration V1",
        },
      },
    });
  });

  it("is open where it says nothing", async () => {
    sources.set(VM, { osType: "Windows", machine: AT_REST });
    expect((await check(fromMachine)).finding).toMatchObject({
      osType: "Windows",
      hyperVGeneration: null,
      certainty: {
        hyperVGeneration: {
          confidence: "low",
          reason: "the virtual machine does not show its hyperVGeneration",
        },
      },
    });
  });

  it("is not taken from data disks", async () => {
    sources.set(DISK, { osType: "Windows" });
    const dataDisks = [makeDataDisk({ source: { kind: "managedDisk", id: DISK } })];
    expect((await check(makeImageRequest({ dataDisks }))).finding).toBeNull();
  });
});
