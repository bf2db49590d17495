import fc from "fast-check";
import { blobTexts, resourceIds } from "./hostile-texts.ts";
import { mutated } from "./mutate.ts";

/** Any JSON value, often of the wrong kind. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 64, "", "x", "\ud800", "\0", [], {}, [[]]),
  fc.jsonValue({ maxDepth: 2 }),
);

const reference = fc.oneof(
  { weight: 9, arbitrary: fc.record({ id: resourceIds }) },
  { weight: 1, arbitrary: junk },
);

function often<T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 19, arbitrary: good }, { weight: 1, arbitrary: junk });
}

/** One of the three sources, now and then several or none. */
const source = fc.oneof(
  { weight: 6, arbitrary: fc.record({ snapshot: reference }) },
  { weight: 2, arbitrary: fc.record({ managedDisk: reference }) },
  { weight: 6, arbitrary: fc.record({ blobUri: often(blobTexts) }) },
  {
    weight: 1,
    arbitrary: fc.record(
      { snapshot: reference, managedDisk: reference, blobUri: often(blobTexts) },
      { requiredKeys: [] },
    ),
  },
);

const options = fc.record(
  {
    caching: often(fc.constantFrom("None", "readonly", "READWRITE")),
    hostCaching: often(fc.constantFrom("None")),
    diskSizeGB: often(fc.nat(40_000)),
    storageAccountType: often(fc.constantFrom("Premium_LRS", "standardssd_lrs")),
    diskEncryptionSet: reference,
  },
  { requiredKeys: [] },
);

const osDisk = fc
  .tuple(
    fc.record({
      osType: often(fc.constantFrom("Linux", "windows")),
      osState: often(fc.constantFrom("Generalized", "specialized")),
    }),
    source,
    options,
  )
  .map((parts) => Object.assign({}, ...parts) as object);

const dataDisk = fc
  .tuple(
    fc.record({ lun: often(fc.oneof(fc.nat(70), fc.constantFrom("1", "63"))) }),
    source,
    options,
  )
  .map((parts) => Object.assign({}, ...parts) as object);

const tags = fc.dictionary(fc.string({ maxLength: 8 }), often(fc.string({ maxLength: 8 })), {
  maxKeys: 4,
});

const envelope = fc.record(
  {
    imageName: often(fc.constantFrom("web", "web-1", "-", "a/b", "x".repeat(81))),
    resourceGroup: often(fc.constantFrom("images-rg", "IMAGES-RG", "other", "images-rg/../x")),
    location: often(fc.constantFrom("westeurope", "West Europe")),
    tags: often(tags),
    $schema: often(fc.constant("https://example.org/schema.json")),
    imagename: junk,
  },
  { requiredKeys: [] },
);

const properties = fc.record(
  {
    storageProfile: often(
      fc.record(
        { osDisk: often(osDisk), dataDisks: often(fc.array(dataDisk, { maxLength: 5 })) },
        { requiredKeys: ["osDisk"] },
      ),
    ),
    hyperVGeneration: often(fc.constantFrom("V1", "v2")),
    sourceVirtualMachine: reference,
  },
  { requiredKeys: ["storageProfile"] },
);

const grammatical = fc
  .tuple(envelope, often(properties))
  .map(([head, body]) => JSON.stringify({ ...head, properties: body }));

/** Manifests that are right, to be damaged. */
const ORIGINALS = [
  {
    properties: {
      storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "web.vhd" } },
    },
  },
  {
    imageName: "web",
    tags: { team: "web" },
    properties: {
      storageProfile: {
        osDisk: {
          osType: "Windows",
          osState: "Generalized",
          hostCaching: "ReadOnly",
          snapshot: {
            id: "subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/snapshots/s",
          },
        },
        dataDisks: [{ lun: "1", blobUri: "https://own.blob.core.windows.net/c/web.vhd" }],
      },
    },
  },
].map((manifest) => new TextEncoder().encode(JSON.stringify(manifest, null, 2)));

/** Bytes of manifests: by the grammar, damaged copies of right ones, and anything at all. */
export const manifestBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 5, arbitrary: grammatical.map((text) => new TextEncoder().encode(text)) },
  { weight: 4, arbitrary: mutated(ORIGINALS) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }) },
);
