import { describe, expect, it } from "vitest";
import { describeWaiting, planDisks } from "../../../../shared/record/plan-disks.ts";
import {
  CONTAINER,
  computeId,
  makeDataDisk,
  makeDisk,
  makeImageRequest,
  makeOsDisk,
} from "../../../factories.ts";

const external = { ref: null, state: "external", detail: null } as const;

describe("planDisks", () => {
  it("waits for own blobs and takes everything else as it is", () => {
    const uri = "https://other.blob.core.windows.net/vhds/data.vhd";
    const id = computeId("snapshots", "s");
    const request = makeImageRequest({
      dataDisks: [
        makeDataDisk({ lun: 3 }),
        makeDataDisk({ lun: 4, source: { kind: "externalBlob", uri } }),
        makeDataDisk({ lun: 5, source: { kind: "snapshot", id } }),
      ],
      osDisk: makeOsDisk(),
    });

    expect(planDisks(request)).toEqual([
      makeDisk(),
      makeDisk({ role: "data", lun: 3, ref: { container: CONTAINER, name: "data.vhd" } }),
      makeDisk({ role: "data", lun: 4, external: uri, ...external }),
      makeDisk({ role: "data", lun: 5, external: id, ...external }),
    ]);
  });

  it("of a managed disk and of a virtual machine names their ids", () => {
    const disk = computeId("disks", "d");
    const vm = computeId("virtualMachines", "vm");
    const fromDisk = makeImageRequest({
      osDisk: makeOsDisk({ source: { kind: "managedDisk", id: disk } }),
    });
    const { osDisk: _, ...fromMachine } = makeImageRequest({ sourceVirtualMachine: vm });

    expect(planDisks(fromDisk)).toEqual([makeDisk({ external: disk, ...external })]);
    expect(planDisks(fromMachine)).toEqual([makeDisk({ role: "vm", external: vm, ...external })]);
  });
});

describe("describeWaiting", () => {
  it("names each disk that the request waits for, with its state and detail", () => {
    const disks = [
      makeDisk({ state: "complete" }),
      makeDisk({ state: "external", ref: null }),
      makeDisk({ state: "uploading", detail: "last written 12 s ago" }),
      makeDisk({ ref: { container: CONTAINER, name: "data.vhd" }, detail: null }),
    ];

    expect(describeWaiting(disks)).toBe(
      "web.vhd: uploading (last written 12 s ago); data.vhd: missing",
    );
  });

  it("is null when the request waits for nothing", () => {
    expect(describeWaiting([])).toBeNull();
    expect(describeWaiting([makeDisk({ state: "complete" })])).toBeNull();
  });
});
