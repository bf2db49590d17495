import { describe, expect, it } from "vitest";
import {
  decideImage,
  explainUndecided,
  finalRequest,
  type ImageQuestion,
  withDecision,
} from "../../../../shared/image/decide-image.ts";
import type { SystemFinding } from "../../../../shared/image/decide-os-disk.ts";
import { makeDefaults, makeImageRequest, makeOsDisk } from "../../../factories.ts";

const WINDOWS_2: SystemFinding = {
  osType: "Windows",
  hyperVGeneration: "V2",
  certainty: {
    osType: { confidence: "high", reason: "Windows on NTFS" },
    hyperVGeneration: { confidence: "high", reason: "UEFI only" },
  },
};
const OPEN = { osType: null, hyperVGeneration: null };

function decide(parts: Partial<ImageQuestion> = {}) {
  return decideImage({
    given: OPEN,
    isMachine: false,
    finding: WINDOWS_2,
    mode: "enforce",
    defaults: makeDefaults(),
    howToSet: { osType: "Set osType.", hyperVGeneration: "Set the generation." },
    ...parts,
  });
}

describe("decideImage", () => {
  it("decides both properties, each by itself", () => {
    expect(decide({ given: { osType: "Windows", hyperVGeneration: null } })).toEqual({
      decided: { osType: "Windows", hyperVGeneration: "V2" },
      undecided: [],
      warnings: [],
    });
  });

  it("names every property that cannot be decided", () => {
    const { decided, undecided } = decide({ given: { osType: "Linux", hyperVGeneration: "V1" } });

    expect(decided).toEqual(OPEN);
    expect(undecided).toMatchObject([
      { kind: "mismatch", property: "osType", message: "Windows on NTFS; osType Linux requested" },
      { kind: "mismatch", property: "hyperVGeneration" },
    ]);
  });

  it("fills in nothing for a virtual machine, and asks for no system", () => {
    expect(decide({ isMachine: true })).toEqual({ decided: OPEN, undecided: [], warnings: [] });
    expect(decide({ isMachine: true, finding: null })).toMatchObject({ undecided: [] });
  });

  it("holds the generation that is asked of a virtual machine against it", () => {
    const given = { osType: null, hyperVGeneration: "V1" } as const;

    expect(decide({ isMachine: true, given }).undecided).toMatchObject([{ kind: "mismatch" }]);
    expect(decide({ isMachine: true, given, finding: null }).decided).toEqual(given);
  });
});

describe("explainUndecided", () => {
  it("tells contradictions first: what is missing may follow from them", () => {
    const { undecided: missing } = decide({ finding: null });
    const { undecided: mismatch } = decide({ given: { osType: null, hyperVGeneration: "V1" } });

    expect(explainUndecided("web.vhd", [...missing, ...mismatch])).toMatchObject({
      code: "DiskMismatch",
      message: "web.vhd: UEFI only; hyperVGeneration V1 requested.",
      target: "hyperVGeneration",
      details: [{ code: "DiskMismatch" }],
    });
    expect(explainUndecided("web.vhd", missing)).toMatchObject({
      code: "IncompleteRequest",
      fix: "Set osType.",
    });
  });
});

describe("a request with its decision", () => {
  const { osType: _, ...osDisk } = makeOsDisk();
  const { hyperVGeneration: __, ...request } = makeImageRequest();

  it("has what was decided where it was open", () => {
    const decided = { osType: "Windows", hyperVGeneration: "V2" } as const;
    const draft = { ...request, osDisk };

    expect(finalRequest(withDecision(draft, decided))).toEqual({
      ...request,
      hyperVGeneration: "V2",
      osDisk: { ...osDisk, osType: "Windows" },
    });
    expect(withDecision(draft, null)).toEqual(draft);
  });

  it("is none without the system of its OS disk", () => {
    expect(() => finalRequest({ ...request, osDisk })).toThrow("the osType of web is not decided");
  });
});
