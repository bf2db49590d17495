import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createBlobLocator } from "../../shared/image/blob-uri.ts";
import { formatPath } from "../../shared/manifest/problem.ts";
import { readManifest } from "../../shared/manifest/read-manifest.ts";
import { manifestSchema } from "../../shared/manifest/schema.ts";
import { readSettings } from "../../shared/settings/settings.ts";
import { readBlocks, readCodes, readTables } from "./markdown.ts";

const DOCUMENT = "docs/manifest.md";

const { defaults } = readSettings({
  ImageStorage: "UseDevelopmentStorage=true",
  AZURE_SUBSCRIPTION_ID: "00000000-0000-0000-0000-000000000000",
  IMAGE_RESOURCE_GROUP: "images-rg",
  IMAGE_LOCATION: "westeurope",
});
const locator = createBlobLocator("https://youraccount.blob.core.windows.net", "uploads");

/** The problems of a manifest as the documents and the status write them; none when it is right. */
function explain(text: string): readonly string[] {
  const reading = readManifest(text, { name: "web.json", defaults, locator });
  if (reading.ok) return [];
  return reading.problems.map(({ line, column, path, message }) => {
    const place = path.length > 0 ? `${formatPath(path)} ` : "";
    return `line ${line}, column ${column}: ${place}${message}`;
  });
}

describe("the manifests in the documents", () => {
  it.each(["docs/getting-started.md", DOCUMENT])("of %s are accepted", (document) => {
    const manifests = readBlocks(document).filter(({ info }) => info === "jsonc manifest");
    expect(manifests).not.toEqual([]);
    expect(manifests.flatMap(({ text }) => explain(text))).toEqual([]);
  });

  it("are refused with the words that follow them", () => {
    const blocks = readBlocks(DOCUMENT);
    const refused = blocks.flatMap(({ info, text }, index) =>
      info === "jsonc refused" ? [{ text, problems: blocks[index + 1]?.text ?? "" }] : [],
    );
    expect(refused).not.toEqual([]);
    for (const { text, problems } of refused) {
      expect(explain(text)).toEqual(problems.trimEnd().split("\n"));
    }
  });
});

describe(DOCUMENT, () => {
  it("has every key of the manifest, and no other", () => {
    const documented = readTables(DOCUMENT, "## Keys").map((row) => readCodes(row.key)[0]);
    expect(documented.sort()).toEqual([...new Set(listKeys(manifestSchema, ""))].sort());
  });
});

/** Dotted paths of all keys; those of a disk are listed once, as `<disk>.key`, like those of an encryption. */
function listKeys(schema: unknown, parent: string): string[] {
  if (schema instanceof z.ZodOptional) return listKeys(schema.unwrap(), parent);
  if (schema instanceof z.ZodArray) return listKeys(schema.element, parent);
  if (schema instanceof z.ZodPipe) return listKeys(schema.out, parent);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, child]) => {
    const path = parent === "" ? key : `${parent}.${key}`;
    const isDisk = /Disks?$/.test(key) && key !== "managedDisk";
    const own = isDisk ? "<disk>" : key === "encryption" ? "<encryption>" : path;
    return [path, ...listKeys(child, own)];
  });
}
