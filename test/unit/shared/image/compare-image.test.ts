import { describe, expect, it } from "vitest";
import { findDifferences } from "../../../../shared/image/compare-image.ts";
import { toImageBody, type WireBody } from "../../../../shared/image/image-body.ts";
import { computeId, makeDataDisk, makeImageRequest, makeOsDisk } from "../../../factories.ts";

const request = makeImageRequest({
  location: "West Europe",
  tags: { Team: "Web" },
  hyperVGeneration: "V2",
  zoneResilient: false,
  osDisk: makeOsDisk({ caching: "ReadOnly", diskSizeGB: 30 }),
  dataDisks: [makeDataDisk({ lun: 1 }), makeDataDisk({ lun: 2 })],
});
const asked: WireBody = toImageBody(request);

/** The image as the service answers it: with an id, defaults and words in its own spelling. */
function answer(change: (body: ReturnType<typeof makeAnswer>) => void = () => {}): WireBody {
  const body = makeAnswer();
  change(body);
  return body;
}

function makeAnswer() {
  return {
    id: "/subscriptions/…/images/web",
    name: "web",
    type: "Microsoft.Compute/images",
    location: "westeurope",
    tags: { Team: "Web", createdBy: "policy" } as Record<string, string>,
    properties: {
      provisioningState: "Succeeded",
      hyperVGeneration: "V2",
      storageProfile: {
        zoneResilient: false,
        osDisk: {
          osType: "linux",
          osState: "Generalized",
          blobUri: "https://uploadsaccount.blob.core.windows.net/uploads/web.vhd",
          caching: "ReadOnly",
          diskSizeGB: 30,
          storageAccountType: "Standard_LRS",
        },
        dataDisks: [makeDiskAnswer(2), makeDiskAnswer(1)],
      },
    },
  };
}

function makeDiskAnswer(lun: number) {
  const blobUri = "https://uploadsaccount.blob.core.windows.net/uploads/data.vhd";
  return { lun, blobUri, caching: "None", storageAccountType: "Standard_LRS" };
}

describe("an existing image", () => {
  it("equals what asks for it, whatever the service added and in whatever order", () => {
    expect(findDifferences(asked, answer())).toEqual([]);
  });

  it("equals a request whose region is spelled otherwise", () => {
    expect(findDifferences({ location: "westeurope" }, { location: "West Europe" })).toEqual([]);
    expect(findDifferences({ location: "westeurope" }, { location: "westus" })).toEqual([
      "location",
    ]);
  });

  it("equals a request whose resource ids differ in case", () => {
    const id = computeId("snapshots", "one");
    const source = (text: string) => ({ properties: { snapshot: { id: text } } });

    expect(findDifferences(source(id), source(id.toUpperCase()))).toEqual([]);
  });

  it("differs by every value that the request names", () => {
    const existing = answer((body) => {
      body.tags.Team = "web";
      body.properties.hyperVGeneration = "V1";
      body.properties.storageProfile.zoneResilient = true;
      body.properties.storageProfile.osDisk.diskSizeGB = 31;
      body.properties.storageProfile.dataDisks = [makeDiskAnswer(1)];
    });

    expect(findDifferences(asked, existing)).toEqual([
      "tags.Team",
      "properties.storageProfile.osDisk.diskSizeGB",
      "properties.storageProfile.dataDisks[lun 2].lun",
      "properties.storageProfile.dataDisks[lun 2].blobUri",
      "properties.storageProfile.zoneResilient",
      "properties.hyperVGeneration",
    ]);
  });

  it("differs by a blob whose name differs in case alone: that is another blob", () => {
    const existing = answer((body) => {
      const { osDisk } = body.properties.storageProfile;
      osDisk.blobUri = osDisk.blobUri.replace("web.vhd", "Web.vhd");
    });

    expect(findDifferences(asked, existing)).toEqual(["properties.storageProfile.osDisk.blobUri"]);
  });

  it("differs by a data disk that was not requested", () => {
    const existing = answer((body) => {
      body.properties.storageProfile.dataDisks.push(makeDiskAnswer(7));
    });

    expect(findDifferences(asked, existing)).toEqual([
      "properties.storageProfile.dataDisks[lun 7]",
    ]);
    expect(findDifferences(toImageBody({ ...request, dataDisks: [] }), answer())).toEqual([
      "properties.storageProfile.dataDisks[lun 2]",
      "properties.storageProfile.dataDisks[lun 1]",
    ]);
  });

  it("of a virtual machine brings its own disks", () => {
    const sourceVirtualMachine = computeId("virtualMachines", "vm");
    const fromMachine = { ...makeImageRequest({ sourceVirtualMachine, location: "westeurope" }) };
    const { osDisk: _, hyperVGeneration: __, ...rest } = fromMachine;
    const existing = answer((body) => {
      Object.assign(body.properties, { sourceVirtualMachine: { id: sourceVirtualMachine } });
    });

    expect(findDifferences(toImageBody(rest), existing)).toEqual([]);
  });

  it("without anything in it differs everywhere, and is not an error", () => {
    expect(findDifferences(asked, {})).toContain("properties.storageProfile.osDisk.blobUri");
  });

  it("is compared also when its data disks are none", () => {
    const withDisks = (dataDisks: unknown) => ({ properties: { storageProfile: { dataDisks } } });

    expect(findDifferences({}, withDisks(null))).toEqual([]);
    expect(findDifferences({}, withDisks([7]))).toEqual([
      "properties.storageProfile.dataDisks[lun undefined]",
    ]);
  });
});
