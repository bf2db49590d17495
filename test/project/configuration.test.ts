import { describe, expect, it } from "vitest";
import { SETTINGS as READERS, readSettings } from "../../shared/settings/settings.ts";
import { readCodes, readTables } from "./markdown.ts";
import { readProjectFile } from "./source-files.ts";

const SETTINGS = Object.keys(READERS);
/** Stand for a connection string; a sample has one form only. */
const IDENTITY_FORM = SETTINGS.filter((name) => name.startsWith("ImageStorage__"));
/** Read by the Functions host, not by the app. */
const HOST_SETTINGS = ["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME"];

const DOCUMENT = "docs/configuration.md";

describe("local.settings.sample.json", () => {
  const sample = JSON.parse(readProjectFile("local.settings.sample.json")) as {
    IsEncrypted: boolean;
    Values: Record<string, string>;
  };

  it("is accepted as settings", () => {
    expect(() => readSettings(sample.Values)).not.toThrow();
  });

  it("names every setting that has no other form, and nothing else", () => {
    const expected = [
      ...HOST_SETTINGS,
      ...SETTINGS.filter((name) => !IDENTITY_FORM.includes(name)),
    ];
    expect(Object.keys(sample.Values).sort()).toEqual(expected.sort());
  });

  it("is not encrypted and holds texts only, as the host's tools want it", () => {
    expect(sample.IsEncrypted).toBe(false);
    expect(Object.values(sample.Values).every((value) => typeof value === "string")).toBe(true);
  });

  it("spells out the same settings as an environment without them", () => {
    const { Values } = sample;
    const { ImageStorage, AZURE_SUBSCRIPTION_ID, IMAGE_RESOURCE_GROUP, IMAGE_LOCATION } = Values;
    const needed = { ImageStorage, AZURE_SUBSCRIPTION_ID, IMAGE_RESOURCE_GROUP, IMAGE_LOCATION };
    expect(readSettings(Values)).toEqual(readSettings(needed));
  });
});

describe(DOCUMENT, () => {
  const rows = readTables(DOCUMENT, "## Settings of the app");
  const sample = JSON.parse(readProjectFile("local.settings.sample.json")) as {
    Values: Record<string, string>;
  };

  it("names every setting once, and nothing that is none", () => {
    const documented = rows.map((row) => readCodes(row.setting)[0]);
    expect(documented.sort()).toEqual([...SETTINGS].sort());
  });

  it("says what every setting means and who reads it", () => {
    const incomplete = rows.filter((row) => !row.meaning || !row["read by"]);
    expect(incomplete).toEqual([]);
  });

  it("gives the defaults that the code has", () => {
    const withoutDefault = ["AZURE_SUBSCRIPTION_ID", "IMAGE_RESOURCE_GROUP", "IMAGE_LOCATION"];
    const wrong = rows.filter((row) => {
      const name = readCodes(row.setting)[0] ?? "";
      if (name.startsWith("ImageStorage") || withoutDefault.includes(name)) return false;
      return (readCodes(row.default)[0] ?? "") !== sample.Values[name];
    });
    expect(wrong).toEqual([]);
  });

  it("gives every value of host.json with a reason", () => {
    const documented = readTables(DOCUMENT, "## host.json");
    const values = documented.map((row) => [readCodes(row.key)[0], readCodes(row.value)[0]]);
    expect(Object.fromEntries(values)).toEqual(
      listLeaves(JSON.parse(readProjectFile("host.json")), ""),
    );
    expect(documented.filter((row) => !row.reason)).toEqual([]);
  });
});

/** Every single value of a JSON document, as JSON, by its dotted path. */
function listLeaves(value: unknown, path: string): Record<string, string> {
  if (typeof value !== "object" || value === null) return { [path]: JSON.stringify(value) };
  const leaves = Object.entries(value).map(([key, child]) =>
    listLeaves(child, path === "" ? key : `${path}.${key}`),
  );
  return Object.assign({}, ...leaves) as Record<string, string>;
}
