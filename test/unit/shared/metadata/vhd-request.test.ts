import { describe, expect, it } from "vitest";
import type { Failure } from "../../../../shared/errors.ts";
import { finalRequest, withDecision } from "../../../../shared/image/decide-image.ts";
import type { DiskSource, ImageRequest } from "../../../../shared/image/image-request.ts";
import { planVhdRequest, type VhdUpload } from "../../../../shared/metadata/vhd-request.ts";
import {
  ACCOUNT_URL,
  CONTAINER,
  makeDefaults,
  makeImageRequest,
  makeOsDisk,
} from "../../../factories.ts";

function blob(name: string): DiskSource {
  return {
    kind: "blob",
    uri: `${ACCOUNT_URL}/${CONTAINER}/${name}`,
    ref: { container: CONTAINER, name },
  };
}

/** The upload of `web.vhd`, of a generalized Linux. */
function makeUpload(
  metadata: VhdUpload["metadata"] = {},
  rest: Partial<VhdUpload> = {},
): VhdUpload {
  return {
    name: "web.vhd",
    metadata: { ostype: "Linux", osstate: "Generalized", ...metadata },
    source: blob("web.vhd"),
    finding: null,
    dataDisks: [],
    ...rest,
  };
}

/** What is wrong with an upload; none when it becomes a request. */
function problems(upload: VhdUpload, defaults = makeDefaults()): string[] {
  const plan = planVhdRequest(upload, defaults);
  return plan.ok ? [] : plan.failure.details.map(({ message }) => message);
}

/** What the service would receive. */
function requestOf(upload: VhdUpload, defaults = makeDefaults()): ImageRequest {
  const plan = planVhdRequest(upload, defaults);
  if (!plan.ok) throw new Error(plan.failure.message);
  return finalRequest(withDecision(plan.draft, plan.decided));
}

/** Why there is no request. */
function failureOf(upload: VhdUpload, defaults = makeDefaults()): Failure {
  const plan = planVhdRequest(upload, defaults);
  if (plan.ok) throw new Error("there is a request");
  return plan.failure;
}

describe("metadata beyond their limits", () => {
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`k${index}`, ""]));
  const long = { note: "n".repeat(8 * 1024) };

  it.each([
    ["of the OS disk", makeUpload(many), /203 entries with \d+ bytes; at most 200 entries/],
    [
      "of the OS disk, in bytes",
      makeUpload(long),
      /3 entries with 8\d{3} bytes; at most .* 8192 bytes/,
    ],
    [
      "of a data disk",
      makeUpload({}, { dataDisks: [{ lun: 3, metadata: many, source: blob("web.lun3.vhd") }] }),
      /201 entries/,
    ],
  ])("end the request unread: %s", (_, upload, expected) => {
    const { code, details } = failureOf(upload);
    expect(code).toBe("IncompleteRequest");
    expect(details).toEqual([
      expect.objectContaining({
        code: "InvalidMetadata",
        message: expect.stringMatching(expected),
      }),
    ]);
  });
});

describe("the request of a VHD without a manifest", () => {
  it("takes its name from the blob and the rest from metadata and settings", () => {
    expect(requestOf(makeUpload())).toEqual(makeImageRequest());
  });

  it("takes everything that settings can say from settings", () => {
    const defaults = makeDefaults({
      osType: "Windows",
      osState: "Specialized",
      hyperVGeneration: "V2",
    });

    expect(requestOf({ ...makeUpload(), metadata: {} }, defaults)).toEqual(
      makeImageRequest({
        hyperVGeneration: "V2",
        osDisk: makeOsDisk({ osType: "Windows", osState: "Specialized" }),
      }),
    );
  });

  it("goes by every metadata key before the settings, words in any case", () => {
    const metadata = {
      imagename: "golden",
      resourcegroup: "golden-rg",
      location: "North Europe",
      ostype: "windows",
      osstate: "SPECIALIZED",
      hypervgeneration: "v2",
      storageaccounttype: "premium_lrs",
      caching: "readonly",
      tag_team: "web",
      tag_cost_center: "7",
      unrelated: "x",
    };
    const defaults = makeDefaults({ osType: "Linux", osState: "Generalized" });

    expect(requestOf(makeUpload(metadata), defaults)).toEqual(
      makeImageRequest({
        imageName: "golden",
        resourceGroup: "golden-rg",
        location: "North Europe",
        hyperVGeneration: "V2",
        tags: { team: "web", cost_center: "7" },
        osDisk: makeOsDisk({
          osType: "Windows",
          osState: "Specialized",
          storageAccountType: "Premium_LRS",
          caching: "ReadOnly",
        }),
      }),
    );
  });

  it("has the data disks that were found, each with its own metadata", () => {
    const dataDisks = [
      { lun: 0, metadata: {}, source: blob("web.lun0.vhd") },
      { lun: 7, metadata: { caching: "None" }, source: blob("web.lun7.vhd") },
    ];

    expect(requestOf(makeUpload({}, { dataDisks })).dataDisks).toEqual([
      { lun: 0, source: blob("web.lun0.vhd") },
      { lun: 7, source: blob("web.lun7.vhd"), caching: "None" },
    ]);
  });

  it("is named after the file, not after its folder", () => {
    const upload = makeUpload({}, { name: "disks/web.v2.vhd" });

    expect(requestOf(upload).imageName).toBe("web.v2");
  });
});

describe("what nobody says", () => {
  it("fails with metadata key and setting, all at once", () => {
    const upload = { ...makeUpload(), metadata: {} };
    const defaults = makeDefaults({ subscriptionId: null, resourceGroup: null, location: null });

    expect(problems(upload, defaults)).toEqual([
      "the metadata 'resourcegroup' is missing (1–90 letters, digits, '_', '-', '.', '(', ')', without a final '.'), and so is the setting IMAGE_RESOURCE_GROUP",
      "the metadata 'location' is missing (a region such as 'westeurope' or 'West Europe'), and so is the setting IMAGE_LOCATION",
      "the subscription is not known: set AZURE_SUBSCRIPTION_ID",
      "the metadata 'osstate' is missing (Generalized or Specialized), and so is the setting DEFAULT_OS_STATE",
      "osType is not set, and cannot be determined from the disk for certain (the disk was not inspected): set the metadata 'ostype' (Windows or Linux) or the setting DEFAULT_OS_TYPE",
    ]);
  });

  it("is explained in a failure that stands alone", () => {
    const failure = failureOf({ ...makeUpload(), metadata: { ostype: "Linux" } });
    const message =
      "the metadata 'osstate' is missing (Generalized or Specialized), and so is the setting DEFAULT_OS_STATE";

    expect(failure).toEqual({
      code: "IncompleteRequest",
      message: `web.vhd cannot become an image as it is: ${message}.`,
      fix: "Set the metadata when you upload the VHD (azcopy --metadata, az --metadata), set the settings, or upload a manifest that names the VHD.",
      retryable: false,
      target: "osstate",
      details: [{ code: "MissingMetadata", message, target: "osstate" }],
    });
  });

  it("includes a name, when the blob's own is none", () => {
    const upload = makeUpload({}, { name: "my web.vhd" });

    expect(problems(upload)).toEqual([
      "'my web' is not a valid image name (1–80 letters, digits, '_', '.', '-'; a letter or digit first; a letter, digit or '_' last): set the metadata 'imagename', for example to 'my-web'",
    ]);
    expect(problems(makeUpload({ imagename: "web" }, { name: "my web.vhd" }))).toEqual([]);
  });
});

describe("metadata that is not allowed", () => {
  it.each([
    [
      "imagename",
      "-web",
      "1–80 letters, digits, '_', '.', '-'; a letter or digit first; a letter, digit or '_' last",
    ],
    ["resourcegroup", "rg.", "1–90 letters, digits, '_', '-', '.', '(', ')', without a final '.'"],
    ["location", "west-europe", "a region such as 'westeurope' or 'West Europe'"],
    ["ostype", "BSD", "one of Windows, Linux"],
    ["osstate", "new", "one of Generalized, Specialized"],
    ["hypervgeneration", "3", "one of V1, V2"],
    ["caching", "Write", "one of None, ReadOnly, ReadWrite"],
    [
      "storageaccounttype",
      "SSD",
      "one of Standard_LRS, Premium_LRS, StandardSSD_LRS, UltraSSD_LRS, Premium_ZRS, StandardSSD_ZRS, PremiumV2_LRS",
    ],
  ])("%s=%s is reported once, with what is expected", (key, value, expected) => {
    const defaults = makeDefaults({ osType: "Linux", osState: "Generalized" });

    expect(problems(makeUpload({ [key]: value }), defaults)).toEqual([
      `the metadata '${key}' is '${value}'; expected ${expected}`,
    ]);
  });

  it("on a data disk is reported too", () => {
    const dataDisks = [{ lun: 1, metadata: { caching: "x" }, source: blob("web.lun1.vhd") }];

    expect(problems(makeUpload({}, { dataDisks }))).toHaveLength(1);
  });

  it("in a tag is reported with the tag", () => {
    expect(problems(makeUpload({ tag_: "x", tag_long: "x".repeat(257) }))).toEqual([
      "metadata 'tag_': a tag needs a name",
      "metadata 'tag_long': a tag value has at most 256 characters",
    ]);
  });

  it("is reported once where no setting stands in for it", () => {
    expect(problems(makeUpload({ ostype: "BSD" }))).toEqual([
      "the metadata 'ostype' is 'BSD'; expected one of Windows, Linux",
    ]);
  });
});
