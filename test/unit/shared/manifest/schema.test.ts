import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { manifestJsonSchema } from "../../../../shared/manifest/schema.ts";
import { STORAGE_ACCOUNT_TYPES } from "../../../../shared/vocabulary.ts";
import { computeId } from "../../../factories.ts";
import { read } from "./reading.ts";
import { REFERENCE_EXAMPLES, REFERENCE_RESPONSE } from "./reference-examples.ts";

const validate = new Ajv2020({ strictTypes: false }).compile(manifestJsonSchema());

const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "web.vhd" };

function withProfile(storageProfile: object) {
  return { location: "West US", properties: { storageProfile } };
}

describe("the JSON Schema of manifests", () => {
  it("says what it is, in the 2020-12 draft", () => {
    expect(manifestJsonSchema()).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "vhd-to-image manifest",
      type: "object",
      additionalProperties: false,
      anyOf: [
        { required: ["properties"] },
        { required: ["gallery"], properties: { gallery: { required: ["source"] } } },
      ],
    });
  });

  it("describes every key", () => {
    const undescribed = listUndescribed(manifestJsonSchema(), "");

    expect(undescribed).toEqual([
      ".extendedLocation",
      ".properties",
      ".properties.storageProfile",
      ".properties.storageProfile.osDisk",
      ".properties.storageProfile.dataDisks",
    ]);
  });

  it.each(REFERENCE_EXAMPLES)("accepts the reference's example $title", ({ text }) => {
    expect(validate(parse(text))).toBe(true);
  });

  it.each([
    { why: "the reference's response", manifest: parse(REFERENCE_RESPONSE) },
    { why: "no properties", manifest: { location: "West US" } },
    { why: "an unknown key", manifest: { ...withProfile({ osDisk }), tgas: {} } },
    { why: "two sources", manifest: withProfile({ osDisk: { ...osDisk, snapshot: { id: "s" } } }) },
    { why: "no source", manifest: withProfile({ osDisk: { osType: "Linux" } }) },
    { why: "an unknown word", manifest: withProfile({ osDisk: { ...osDisk, osType: "BSD" } }) },
    {
      why: "a lun above 63",
      manifest: withProfile({ dataDisks: [{ lun: 64, blobUri: "a.vhd" }] }),
    },
    { why: "no lun", manifest: withProfile({ dataDisks: [{ blobUri: "a.vhd" }] }) },
    { why: "a size as text", manifest: withProfile({ osDisk: { ...osDisk, diskSizeGB: "9" } }) },
    { why: "a bad image name", manifest: { imageName: "-web", ...withProfile({ osDisk }) } },
    { why: "a tag that is not text", manifest: { tags: { a: 1 }, ...withProfile({ osDisk }) } },
  ])("refuses $why", ({ manifest }) => {
    expect(validate(manifest)).toBe(false);
  });
});

describe("a manifest that is right", () => {
  it("is accepted by the reader and by the JSON Schema alike", () => {
    fc.assert(
      fc.property(validManifest(), (manifest) => {
        const reading = read(manifest);

        expect(reading).toMatchObject({ ok: true });
        expect(validate(manifest) ? [] : validate.errors).toEqual([]);
      }),
    );
  });
});

/** Keys of objects whose schema has no description, by their path. */
function listUndescribed(schema: unknown, path: string): string[] {
  const { properties, items } = schema as {
    properties?: Readonly<Record<string, object>>;
    items?: unknown;
  };
  const own = Object.entries(properties ?? {}).flatMap(([key, child]) => [
    ...("description" in child ? [] : [`${path}.${key}`]),
    ...listUndescribed(child, `${path}.${key}`),
  ]);
  return items === undefined ? own : [...own, ...listUndescribed(items, `${path}[]`)];
}

function validManifest() {
  const word = (...words: string[]) =>
    fc.constantFrom(...words.flatMap((each) => [each, each.toLowerCase(), each.toUpperCase()]));
  const resource = (type: string) =>
    fc.record({
      id: fc.constantFrom(
        computeId(type, "name"),
        `subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/${type}/name`,
      ),
    });
  const caching = word("None", "ReadOnly", "ReadWrite");
  const size = fc.integer({ min: 1, max: 32_767 });
  const source = fc.oneof(
    fc.record({
      blobUri: fc.constantFrom(
        "web.vhd",
        "a/b c.VHD",
        "https://other.blob.core.windows.net/c/d.vhd",
      ),
    }),
    fc.record({ snapshot: resource("snapshots") }),
    fc.record({ managedDisk: resource("disks") }),
  );
  const options = fc
    .tuple(
      fc.oneof(fc.record({ caching }), fc.record({ hostCaching: caching }), fc.constant({})),
      fc.oneof(fc.record({ diskSizeGB: size }), fc.record({ diskSizeInGB: size }), fc.constant({})),
      fc.record(
        {
          storageAccountType: word(...STORAGE_ACCOUNT_TYPES),
          diskEncryptionSet: resource("diskEncryptionSets"),
        },
        { requiredKeys: [] },
      ),
    )
    .map((parts) => Object.assign({}, ...parts));
  const os = fc.record({
    osType: word("Windows", "Linux"),
    osState: word("Generalized", "Specialized"),
  });
  const lun = fc.integer({ min: 0, max: 63 });
  const dataDisks = fc
    .uniqueArray(lun, { maxLength: 4 })
    .chain((luns) =>
      fc.tuple(
        ...luns.map((number) =>
          fc
            .tuple(fc.constantFrom(number, String(number)), source, options)
            .map(([given, from, more]) => ({ lun: given, ...from, ...more })),
        ),
      ),
    );
  const fromDisks = fc
    .tuple(os, source, options, dataDisks, fc.option(fc.boolean(), { nil: undefined }))
    .map(([system, from, more, disks, zoneResilient]) => ({
      storageProfile: {
        osDisk: { ...system, ...from, ...more },
        dataDisks: disks,
        ...(zoneResilient !== undefined && { zoneResilient }),
      },
    }));
  const fromMachine = fc.record({ sourceVirtualMachine: resource("virtualMachines") });
  return fc.record(
    {
      imageName: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,40}[A-Za-z0-9_]$/),
      location: fc.constantFrom("West US", "westeurope"),
      tags: fc.dictionary(fc.stringMatching(/^tag [a-z0-9]{1,8}$/), fc.string({ maxLength: 256 }), {
        maxKeys: 4,
      }),
      extendedLocation: fc.record({ name: fc.constant("losangeles"), type: word("EdgeZone") }),
      properties: fc
        .tuple(
          fc.oneof(fromDisks, fromMachine),
          fc.record({ hyperVGeneration: word("V1", "V2") }, { requiredKeys: [] }),
        )
        .map(([from, more]) => ({ ...from, ...more })),
    },
    { requiredKeys: ["properties"] },
  );
}
