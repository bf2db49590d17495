import { describe, expect, it } from "vitest";
import { readManifest } from "../../../../shared/manifest/read-manifest.ts";
import { MAX_MANIFEST_BYTES } from "../../../../shared/stages/receive.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";
import { makeFooter } from "../../../fakes/vhd.ts";
import { expectSoundRequest } from "../../../fuzz/expect-sound-request.ts";
import { uploadBytes } from "../../../fuzz/upload-bytes.ts";
import { growthOf, LINEAR_GROWTH } from "../../../growth.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Uploads bytes as a manifest and lets the app do all that it does with it. */
async function upload(content: Uint8Array | string, name = "web.json") {
  const app = createFakeApp();
  const bytes = typeof content === "string" ? encode(content) : content;
  await uploadBytes(app, name, bytes);
  await app.run();
  expect(app.records.all()).toHaveLength(1);
  expect(app.images.puts).toEqual([]);
  return { app, record: expectSoundRequest(app, name) };
}

/** The one error of a manifest that must be refused. */
async function refusalOf(content: Uint8Array | string, name?: string): Promise<string> {
  const { record } = await upload(content, name);
  expect(record).toMatchObject({ state: "failed", error: { code: "InvalidManifest" } });
  return record.error?.message ?? "";
}

const DISK = { osType: "Linux", osState: "Generalized", blobUri: "web.vhd" };
const MANIFEST = { properties: { storageProfile: { osDisk: DISK } } };
const withTag = (key: string, value: string): string =>
  `{ "tags": { ${key}: ${value} }, "properties": ${JSON.stringify(MANIFEST.properties)} }`;

function utf16(text: string, mark: "le" | "be" | "none"): Uint8Array {
  const bytes = Buffer.from(mark === "none" ? text : `\ufeff${text}`, "utf16le");
  return new Uint8Array(mark === "be" ? bytes.swap16() : bytes);
}

describe("bytes that are not the text of a manifest", () => {
  it.each([
    ["an empty file", "", /line 1, column 1: the manifest is empty/],
    ["only a byte order mark", "\ufeff", /line 1, column 1: the manifest is empty/],
    ["white space", " \n\t ", /the manifest is empty/],
    [
      "UTF-16 without a mark",
      utf16("{}", "none"),
      /this looks like UTF-16 without a byte order mark/,
    ],
    [
      "invalid UTF-8",
      new Uint8Array([...encode('{\n "tags": "é'), 0xc3, 0x28]),
      /line 2, column 12: this byte is not UTF-8/,
    ],
    ["half a character at the end", encode("é").subarray(0, 1), /column 1: this byte is not UTF-8/],
    ["a NUL byte", '{\n  "a": "\0" }', /line 2, column 9: this is a NUL byte/],
    ["a VHD under a wrong name", makeFooter(), /line 1, column 9: this is a NUL byte.* a disk/],
  ])("%s is refused with its place", async (_, content, expected) => {
    expect(await refusalOf(content)).toMatch(expected);
  });

  it("a byte order mark before a manifest is none of its mistakes", async () => {
    const { record } = await upload(`\ufeff${JSON.stringify(MANIFEST)}`);
    expect(record.error?.code).not.toBe("InvalidManifest");
  });

  it("of a file of more than 256 KiB no more than that is read, for the disks that it names", async () => {
    const { app, record } = await upload(" ".repeat(MAX_MANIFEST_BYTES + 1));
    expect(record.error).toMatchObject({ code: "InvalidManifest" });
    expect(record.error?.message).toContain("262145 bytes; a manifest has at most 262144");
    expect(app.blobs.reads).toMatchObject([{ offset: 0, count: MAX_MANIFEST_BYTES }]);
  });

  it("one of 256 KiB is read with one read of that range", async () => {
    const { app } = await upload(" ".repeat(MAX_MANIFEST_BYTES));
    expect(app.blobs.reads).toMatchObject([{ offset: 0, count: MAX_MANIFEST_BYTES }]);
  });
});

describe("JSON that is meant to trip", () => {
  it.each([
    ["a key twice", withTag('"a": "1", "a"', '"2"'), /tags\.a appears twice/],
    [
      "a key twice, once with an escape",
      withTag('"a": "1", "\\u0061"', '"2"'),
      /tags\.a appears twice/,
    ],
    ["__proto__", withTag('"__proto__"', "{}"), /tags\.__proto__ is not a known key; remove it/],
    [
      "__proto__ in the place of everything",
      `{ "__proto__": ${JSON.stringify(MANIFEST)} }`,
      /line 1, column 3: __proto__ is not a known key/,
    ],
    ["constructor", '{ "constructor": { "prototype": {} } }', /constructor is not a known key/],
    ["a lone surrogate", withTag('"a"', '"\\ud800"'), /tags\.a contains half a surrogate pair/],
    ["a key with one", withTag('"\\ud800"', '"a"'), /tags has a key with half a surrogate pair/],
    ["an escaped NUL", withTag('"a"', '"\\u0000"'), /tags\.a contains a NUL character/],
    [
      "a huge number",
      JSON.stringify(MANIFEST).replace('"blobUri"', '"diskSizeGB": 1e999, "blobUri"'),
      /osDisk\.diskSizeGB is Infinity; expected a whole number from 1 to 32767/,
    ],
    [
      "a number of 200,000 digits",
      JSON.stringify(MANIFEST).replace(
        '"blobUri"',
        `"diskSizeGB": ${"9".repeat(200_000)}, "blobUri"`,
      ),
      /osDisk\.diskSizeGB is Infinity/,
    ],
    [
      "deep arrays",
      "[".repeat(100_000),
      /line 1, column 33: this is nested more than 32 levels deep/,
    ],
    [
      "deep objects",
      '{"a":'.repeat(40_000),
      /line 1, column 161: this is nested more than 32 levels deep/,
    ],
    [
      "a million elements, as far as they fit",
      `[${"0,".repeat(131_000)}0]`,
      /exceeds the limit of 20000 JSON tokens/,
    ],
    ["an array", "[]", /this is a list; upload one manifest for each image/],
    ["null", "null", /the manifest is empty/],
    ["a text", '"properties"', /is "properties"; expected an object/],
    ["a comment without an end", "/*".padEnd(200_000, "*"), /the comment is not closed/],
    ["a text without an end", `"${"a".repeat(200_000)}`, /a closing quote is missing/],
  ])("%s", async (_, content, expected) => {
    expect(await refusalOf(content)).toMatch(expected);
  });
});

describe("the name of the manifest's blob", () => {
  it.each([
    ["my image!.json", "my-image"],
    ["-web-.json", "web"],
    ["Größe.json", "Gro-e"],
    ["disks/盤.json", "image"],
    [`${"a".repeat(100)}.json`, "a".repeat(80)],
    [".json", "json"],
    ["a?sig=b.json", "a-sig-b"],
  ])("%s is not a valid image name: %s is proposed", async (name, proposal) => {
    expect(await refusalOf(JSON.stringify(MANIFEST), name)).toContain(
      `'${proposal}' would be valid`,
    );
  });
});

/** Manifests made to cost much, as wrong as can be, of about so many bytes. */
type Costly = readonly [what: string, text: (bytes: number) => string];

const COSTLY: readonly Costly[] = [
  ["unknown keys at the root", (bytes) => objectOf(bytes, (index) => [`k${index}`, "0"])],
  [
    "unknown keys close to known ones",
    (bytes) => objectOf(bytes, (index) => [`imageNam${index}`, "0"]),
  ],
  ["one unknown key", (bytes) => `{"${"k".repeat(bytes - 10)}":0}`],
  ["unknown keys deep down", (bytes) => nested(objectOf(bytes, (index) => [`k${index}`, "0"]))],
  ["tags", (bytes) => `{"tags":${objectOf(bytes, (index) => [`t${index}`, '"v"'])}}`],
  ["wrong tags", (bytes) => `{"tags":${objectOf(bytes, (index) => [`<${index}`, "0"])}}`],
  ["tags of the same name in another case", (bytes) => `{"tags":{${caseVariants(bytes / 25)}}}`],
  ["empty data disks", (bytes) => disksOf(bytes, "{}")],
  ["data disks of one lun", (bytes) => disksOf(bytes, '{"lun":1,"blobUri":"a.vhd"}')],
  ["data disks that are not objects", (bytes) => disksOf(bytes, "0")],
  [
    "data disks with several sources",
    (bytes) => disksOf(bytes, '{"lun":1,"blobUri":"a","snapshot":{},"managedDisk":0}'),
  ],
  ["the same key again and again", (bytes) => `{${fill(bytes - 10, '"a":0,')}"a":0}`],
  ["open brackets", (bytes) => fill(bytes, "[")],
  ["open quotes", (bytes) => fill(bytes, '"\n')],
  ["quotes and backslashes", (bytes) => fill(bytes, '"\\')],
  ["slashes and stars", (bytes) => fill(bytes, "/*/")],
  ["no-break spaces", (bytes) => fill(bytes / 2, "\u00a0")],
  ["missing commas", (bytes) => `{${fill(bytes - 10, '"a":0 ')}}`],
  ["line feeds", (bytes) => fill(bytes, "\n")],
  ...["a", "?", "?sig=", "-eyJ", "%", "%41", "/", "../", "https://", "://", "@"].map(
    (part): Costly => [`a blob's name of ${part}`, (bytes) => manifestOf(fill(bytes - 500, part))],
  ),
  ...["a", "-eyJ", "/", "{resourceGroup}", "{subscriptionId}", "%", "{"].map(
    (part): Costly => [`a snapshot of ${part}`, (bytes) => snapshotOf(fill(bytes - 500, part))],
  ),
];

function fill(length: number, part: string): string {
  return part.repeat(Math.max(0, length) / part.length);
}

function manifestOf(blobUri: string): string {
  return JSON.stringify({ properties: { storageProfile: { osDisk: { ...DISK, blobUri } } } });
}

function snapshotOf(name: string): string {
  const { blobUri: _, ...disk } = DISK;
  const id = `/subscriptions/a/resourceGroups/b/providers/Microsoft.Compute/snapshots/${name}`;
  const osDisk = { ...disk, snapshot: { id } };
  return JSON.stringify({ properties: { storageProfile: { osDisk } } });
}

function objectOf(
  bytes: number,
  entry: (index: number) => readonly [key: string, value: string],
): string {
  const entries = Array.from({ length: bytes / 25 }, (_, index) => entry(index));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`;
}

function nested(inner: string): string {
  return `{"properties":{"storageProfile":{"osDisk":${inner}}}}`;
}

function disksOf(bytes: number, disk: string): string {
  const dataDisks = `[${fill(bytes - 100, `${disk},`)}${disk}]`;
  return `{"properties":{"storageProfile":{"dataDisks":${dataDisks}}}}`;
}

function caseVariants(count: number): string {
  const spell = (index: number): string =>
    [..."abcdefghijklmnopq"]
      .map((letter, bit) => (index & (1 << bit) ? letter.toUpperCase() : letter))
      .join("");
  return Array.from({ length: count }, (_, index) => `"${spell(index)}":"v"`).join(",");
}

describe("a manifest that is made to cost much", () => {
  it.each(COSTLY)("%s: is refused with a small record", async (_, text) => {
    const whole = text(MAX_MANIFEST_BYTES);
    expect(encode(whole).length).toBeLessThanOrEqual(MAX_MANIFEST_BYTES);
    const { record } = await upload(whole);
    expect(record.state).toBe("failed");
    expect(JSON.stringify(record).length).toBeLessThan(64 * 1024);
  });

  it.each(COSTLY)("%s: takes time in proportion to its length", (_, text) => {
    const { defaults, locator } = createFakeApp().context;
    const growth = growthOf((bytes) => {
      const whole = text(bytes);
      return () => readManifest(whole, { name: "web.json", defaults, locator });
    });
    expect(growth).toBeLessThanOrEqual(LINEAR_GROWTH);
  });
});

it("names of blobs too long to be kept are refused, not tripped over", async () => {
  const name = (index: number): string => `${"盤".repeat(1_000)}${index}.vhd`;
  const dataDisks = Array.from({ length: 64 }, (_, lun) => ({ lun, blobUri: name(lun) }));
  const osDisk = { ...DISK, blobUri: name(64) };
  const { record } = await upload(
    JSON.stringify({ properties: { storageProfile: { osDisk, dataDisks } } }),
  );
  expect(record.error).toMatchObject({ code: "InvalidManifest" });
  expect(record.error?.message).toMatch(
    /have \d+ characters in total; at most 262144 can be stored/,
  );
});

it("a manifest with the most disks that are possible, under long names, is processed", async () => {
  const name = (index: number): string => `${"a".repeat(1_000)}${index}.vhd`;
  const dataDisks = Array.from({ length: 64 }, (_, lun) => ({ lun, blobUri: name(lun) }));
  const app: FakeApp = createFakeApp({ timing: { waitDeadlineSeconds: 60 } });
  await app.uploadManifest("web.json", {
    properties: { storageProfile: { osDisk: { ...DISK, blobUri: name(64) }, dataDisks } },
  });
  await app.run();
  const { events, error } = expectSoundRequest(app, "web.json");
  expect(events.map(({ state }) => state)).toEqual(["received", "waiting", "failed"]);
  expect(error?.code).not.toBe("StepFailed");
});
