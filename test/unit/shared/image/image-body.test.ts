import { describe, expect, it } from "vitest";
import { toImageBody } from "../../../../shared/image/image-body.ts";
import { computeId, makeDataDisk, makeImageRequest, makeOsDisk } from "../../../factories.ts";

const blobUri = "https://uploadsaccount.blob.core.windows.net/uploads/web.vhd";

describe("toImageBody", () => {
  it("says no more than the request", () => {
    expect(toImageBody(makeImageRequest())).toEqual({
      location: "westeurope",
      properties: {
        storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri } },
        hyperVGeneration: "V1",
      },
    });
  });

  it("says all of the request, and where it is sent is not in it", () => {
    const diskEncryptionSet = computeId("diskEncryptionSets", "keys");
    const options = {
      caching: "ReadWrite",
      diskSizeGB: 64,
      storageAccountType: "Premium_LRS",
      diskEncryptionSet,
    } as const;
    const disk = { ...options, diskEncryptionSet: { id: diskEncryptionSet } };
    const external = "https://other.blob.core.windows.net/vhds/data.vhd";

    const body = toImageBody(
      makeImageRequest({
        tags: { a: "b" },
        extendedLocation: { name: "losangeles", type: "EdgeZone" },
        hyperVGeneration: "V2",
        zoneResilient: true,
        osDisk: makeOsDisk({ osType: "Windows", osState: "Specialized", ...options }),
        dataDisks: [
          makeDataDisk({ lun: 0, source: { kind: "externalBlob", uri: external }, ...options }),
          makeDataDisk({ lun: 1, source: { kind: "snapshot", id: computeId("snapshots", "s") } }),
          makeDataDisk({ lun: 2, source: { kind: "managedDisk", id: computeId("disks", "d") } }),
        ],
      }),
    );

    expect(body).toEqual({
      location: "westeurope",
      tags: { a: "b" },
      extendedLocation: { name: "losangeles", type: "EdgeZone" },
      properties: {
        storageProfile: {
          osDisk: { osType: "Windows", osState: "Specialized", blobUri, ...disk },
          dataDisks: [
            { lun: 0, blobUri: external, ...disk },
            { lun: 1, snapshot: { id: computeId("snapshots", "s") } },
            { lun: 2, managedDisk: { id: computeId("disks", "d") } },
          ],
          zoneResilient: true,
        },
        hyperVGeneration: "V2",
      },
    });
  });

  it("has no storage profile for a virtual machine", () => {
    const { osDisk: _, hyperVGeneration: __, ...rest } = makeImageRequest();
    const id = computeId("virtualMachines", "vm");

    expect(toImageBody({ ...rest, sourceVirtualMachine: id })).toEqual({
      location: "westeurope",
      properties: { sourceVirtualMachine: { id } },
    });
  });
});
