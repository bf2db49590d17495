import { describe, expect, it } from "vitest";
import { toSourceFacts } from "../../../../../shared/azure/arm/source-answers.ts";

const read = (kind: "snapshot" | "virtualMachine", body: unknown) =>
  toSourceFacts(kind, { status: 200, headers: {}, body: JSON.stringify(body) });

const NOTHING = {
  location: null,
  osType: null,
  hyperVGeneration: null,
  architecture: null,
  securityType: null,
  sizeGib: null,
};

describe("toSourceFacts", () => {
  it("takes nothing from an answer that says nothing", () => {
    expect(read("snapshot", {})).toEqual({ ...NOTHING, machine: null });
    expect(read("virtualMachine", {})).toEqual({
      ...NOTHING,
      machine: { isGeneralized: null, powerState: null },
    });
  });

  it("takes nothing from values of the wrong kind", () => {
    const body = {
      location: 1,
      properties: {
        osType: "BeOS",
        hyperVGeneration: "V3",
        supportedCapabilities: [{ architecture: "x64" }],
        securityProfile: { securityType: {} },
        diskSizeGB: "10",
        storageProfile: "none",
        hardwareProfile: { vmSize: ["Standard_D2ps_v5"] },
        instanceView: { hyperVGeneration: 2, statuses: [null, 3, {}, { code: 4 }] },
      },
    };
    expect(read("snapshot", body)).toEqual({ ...NOTHING, machine: null });
    expect(read("virtualMachine", body)).toEqual({
      ...NOTHING,
      machine: { isGeneralized: false, powerState: null },
    });
  });

  it("reads enumerations in any case", () => {
    const properties = { osType: "linux", hyperVGeneration: "v2" };
    expect(read("snapshot", { properties })).toMatchObject({
      osType: "Linux",
      hyperVGeneration: "V2",
    });
    const statuses = [{ code: "osstate/GENERALIZED" }, { code: "powerState/Deallocated" }];
    expect(read("virtualMachine", { properties: { instanceView: { statuses } } })).toMatchObject({
      machine: { isGeneralized: true, powerState: "deallocated" },
    });
  });

  it("counts the security type Standard as none", () => {
    const properties = { securityProfile: { securityType: "Standard" } };
    expect(read("virtualMachine", { properties }).securityType).toBeNull();
  });

  it("keeps no text that is longer than the API's", () => {
    const long = "x".repeat(10_000);
    const facts = read("virtualMachine", {
      location: long,
      properties: {
        securityProfile: { securityType: long },
        instanceView: { statuses: [{ code: `PowerState/${long}` }] },
      },
    });
    expect(JSON.stringify(facts).length).toBeLessThan(500);
  });

  it.each(["<html>", "[]", '"text"'])("throws for %s, which is not a document", (body) => {
    expect(() => toSourceFacts("snapshot", { status: 200, headers: {}, body })).toThrow(
      "UnreadableAnswer",
    );
  });
});
