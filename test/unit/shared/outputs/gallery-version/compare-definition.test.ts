import { describe, expect, it } from "vitest";
import {
  compareDefinition,
  findTooLarge,
  type KnownSources,
} from "../../../../../shared/outputs/gallery-version/compare-definition.ts";
import {
  computeId,
  makeDisk,
  makeGallery,
  makeImageRequest,
  makeInspection,
} from "../../../../factories.ts";
import { makeDefinition } from "../../../../fakes/gallery-service.ts";

const { osDisk: _, hyperVGeneration: __, ...bare } = makeImageRequest();
const machine = { ...bare, sourceVirtualMachine: computeId("virtualMachines", "vm") };
const none = { asked: makeImageRequest(), disks: [], facts: null, sizes: [] };
const sure = { confidence: "high", reason: "as the test has it" } as const;
const unsure = { confidence: "low", reason: "as the test has it" } as const;

/** Sentences without the definition's id, contradictions first. */
function compare(definition: Parameters<typeof makeDefinition>[0], sources: Partial<KnownSources>) {
  const { contradictions, doubts } = compareDefinition(makeDefinition({ id: "D", ...definition }), {
    ...none,
    ...sources,
  });
  return {
    contradictions: contradictions.map(({ message }) => message),
    doubts: doubts.map(({ message }) => message),
  };
}

describe("a definition", () => {
  it("that says the same in another case contradicts nothing", () => {
    const definition = { osType: "linux", osState: "GENERALIZED", hyperVGeneration: "v1" };
    expect(compare(definition, {})).toEqual({ contradictions: [], doubts: [] });
  });

  it("that says nothing contradicts nothing; without an architecture it is for x64", () => {
    const silent = { osType: null, osState: null, hyperVGeneration: null, architecture: null };
    const disk = makeDisk({ inspection: makeInspection({ architecture: "Arm64" }) });
    expect(compare(silent, { disks: [disk] })).toEqual({
      contradictions: [],
      doubts: [
        "web.vhd has the architecture Arm64, but the definition D has the architecture x64.",
      ],
    });
  });

  it("is held against every word of the request", () => {
    const other = { osType: "Windows", osState: "Specialized", hyperVGeneration: "V2" };
    expect(compare(other, {}).contradictions).toEqual([
      "The request has the osType Linux, but the definition D has the osType Windows.",
      "The request has the osState Generalized, but the definition D has the osState Specialized.",
      "The request has the hyperVGeneration V1, but the definition D has the hyperVGeneration V2.",
    ]);
  });

  it.each([
    { what: "certain", certainty: sure, doubts: 2 },
    { what: "a guess", certainty: unsure, doubts: 0 },
  ])("is held against the disk only where the inspection is $what", ({ certainty, doubts }) => {
    const inspection = makeInspection({
      osType: "Linux",
      hyperVGeneration: "V2",
      architecture: null,
      certainty: { osType: certainty, hyperVGeneration: certainty },
    });
    const verdict = compare(
      { osType: "Windows", hyperVGeneration: "V1" },
      { asked: machine, disks: [makeDisk({ inspection })] },
    );
    expect(verdict.contradictions).toEqual([]);
    expect(verdict.doubts).toHaveLength(doubts);
  });

  it("takes a disk that starts on either firmware, whatever its generation", () => {
    const inspection = makeInspection({
      osType: "Linux",
      hyperVGeneration: "both",
      architecture: null,
      certainty: { osType: sure, hyperVGeneration: sure },
    });
    const disks = [makeDisk({ inspection })];
    expect(compare({ hyperVGeneration: "V1" }, { asked: bare, disks }).doubts).toEqual([]);
    expect(compare({ hyperVGeneration: "V2" }, { asked: bare, disks }).doubts).toEqual([]);
  });

  it("is not held against data disks, nor against disks that were not read", () => {
    const inspection = makeInspection({ architecture: "Arm64" });
    const disks = [
      makeDisk({ role: "data", lun: 0, inspection }),
      makeDisk(),
      makeDisk({ ref: null }),
    ];
    expect(compare({}, { disks })).toEqual({ contradictions: [], doubts: [] });
  });
});

describe("a source that is not a blob", () => {
  const facts = {
    location: null,
    osType: "Windows",
    hyperVGeneration: "V2",
    architecture: "Arm64",
    securityType: null,
    sizeGib: null,
    machine: null,
  } as const;

  it("is held against the definition by its own words, which are certain", () => {
    expect(compare({}, { asked: bare, facts }).contradictions).toEqual([
      "The source has the osType Windows, but the definition D has the osType Linux.",
      "The source has the hyperVGeneration V2, but the definition D has the hyperVGeneration V1.",
      "The source has the architecture Arm64, but the definition D has the architecture x64.",
    ]);
  });

  const silent = { ...facts, osType: null, hyperVGeneration: null, architecture: null };
  it.each([
    { isGeneralized: false, contradictions: 1 },
    { isGeneralized: true, contradictions: 0 },
    { isGeneralized: null, contradictions: 0 },
  ])(
    "is a machine whose state counts: isGeneralized $isGeneralized",
    ({ isGeneralized, contradictions }) => {
      const vm = { ...silent, machine: { isGeneralized, powerState: "deallocated" } };
      const verdict = compare({}, { asked: machine, facts: vm });
      expect(verdict.contradictions).toHaveLength(contradictions);
    },
  );

  it("has the state that an image says, unless the request says one", () => {
    const { machine: _, ...rest } = silent;
    const image = { ...rest, osState: "Specialized" };
    expect(compare({}, { asked: bare, facts: image }).contradictions).toEqual([
      "The source has the osState Specialized, but the definition D has the osState Generalized.",
    ]);
    expect(compare({}, { asked: makeImageRequest(), facts: image }).contradictions).toEqual([]);
  });
});

describe("a definition's SecurityType", () => {
  const gallery = makeGallery();
  const vhd = { ...makeImageRequest(), gallery };
  const disk = {
    ...bare,
    osDisk: {
      osType: "Linux",
      osState: "Generalized",
      source: { kind: "managedDisk", id: computeId("disks", "d") },
    },
    gallery,
  } as const;
  const vm = { ...machine, gallery };
  const imageOf = (kind: "managedImage" | "galleryVersion" | "communityGalleryImage") => ({
    ...bare,
    gallery: makeGallery({ source: { kind, id: "x" } }),
  });
  const image = imageOf("managedImage");
  const version = imageOf("galleryVersion");
  const community = imageOf("communityGalleryImage");

  it.each([
    { type: "Standard", taken: [vhd, disk, vm, image, version, community], refused: [] },
    { type: "None", taken: [vhd, disk, vm, image, version, community], refused: [] },
    { type: "SomethingNew", taken: [vhd, disk, vm, image, version, community], refused: [] },
    {
      type: "TrustedLaunchSupported",
      taken: [vhd, image, version, community],
      refused: [disk, vm],
    },
    {
      type: "ConfidentialVmSupported",
      taken: [vhd, image, version, community],
      refused: [disk, vm],
    },
    {
      type: "TrustedLaunchAndConfidentialVmSupported",
      taken: [vhd, image, version, community],
      refused: [disk, vm],
    },
    { type: "TrustedLaunch", taken: [disk, vm, version], refused: [vhd, image, community] },
    { type: "confidentialvm", taken: [disk, vm, version], refused: [vhd, image, community] },
  ])("$type takes some sources, and names itself to the others", ({ type, taken, refused }) => {
    const judge = (asked: KnownSources["asked"]) =>
      compare({ securityType: type }, { asked }).contradictions;
    for (const asked of taken) expect(judge(asked)).toEqual([]);
    for (const asked of refused) {
      expect(judge(asked)).toEqual([
        expect.stringMatching(`^The definition has the SecurityType ${type}, under which .*: `),
      ]);
    }
  });
});

describe("the limit of size", () => {
  const GIB = 2 ** 30;
  const asked = { ...makeImageRequest(), gallery: makeGallery() };
  const diskOf = (virtualSize: number | null) =>
    makeDisk({ inspection: makeInspection({ virtualSize }) });

  it("counts every disk, whatever it is from; part of a GiB is one", () => {
    const found = findTooLarge({
      asked,
      disks: [diskOf(2048 * GIB), diskOf(2048 * GIB + 512), diskOf(null), makeDisk({ ref: null })],
      sizes: [{ id: "/snapshots/large", gib: 3000 }],
    });
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^web\.vhd has 2049 GiB; .* Full has disks of at most 2048 GiB, one with Shallow/,
      ),
      expect.stringMatching(/^\/snapshots\/large has 3000 GiB; /),
    ]);
  });

  it("is that of full replication where the request has no version", () => {
    const sizes = [{ id: "x", gib: 3000 }];
    expect(findTooLarge({ asked: makeImageRequest(), disks: [], sizes })).toHaveLength(1);
  });
});
