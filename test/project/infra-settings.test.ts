import { describe, expect, it } from "vitest";
import { SETTINGS } from "../../shared/settings/settings.ts";
import { readBicepFile, readKeysAfter } from "./bicep.ts";
import { readCodes, readTables } from "./markdown.ts";
import { readProjectFile } from "./source-files.ts";

const APP = readBicepFile("infra/modules/function-app.bicep");
const MAIN = readBicepFile("infra/main.bicep");
const DOCUMENT = "docs/configuration.md";

const { Values } = JSON.parse(readProjectFile("local.settings.sample.json")) as {
  Values: Record<string, string>;
};

/** Names of the settings in each of the four places. */
const PLACES = {
  code: Object.keys(SETTINGS),
  bicep: [
    ...readKeysAfter(APP, "var defaultSettings ="),
    ...readKeysAfter(APP, "string(setting.value)), {"),
    ...readKeysAfter(MAIN, "settings: union("),
  ],
  sample: Object.keys(Values),
  document: readTables(DOCUMENT, "## Settings of the app").flatMap((row) =>
    readCodes(row.setting).slice(0, 1),
  ),
} as const;

type Place = keyof typeof PLACES;

/** Settings that one place leaves out on purpose. */
const EXCEPTIONS: readonly { place: Place; names: RegExp; reason: string }[] = [
  {
    place: "bicep",
    names: /^ImageStorage$/,
    reason: "a connection string holds a key, and would win over the identity",
  },
  {
    place: "sample",
    names: /^ImageStorage__/,
    reason: "stand for the connection string, of which the sample has one",
  },
];

/** What only the Functions host reads; explained in a section of its own. */
const OF_THE_HOST = /^(?:AzureWebJobsStorage(?:__\w+)?|FUNCTIONS_WORKER_RUNTIME)$/;

function listMissing(place: Place): readonly string[] {
  const excused = EXCEPTIONS.filter((exception) => exception.place === place);
  const all = new Set<string>(Object.values(PLACES).flat());
  return [...all].filter(
    (name) =>
      !OF_THE_HOST.test(name) &&
      !PLACES[place].includes(name) &&
      !excused.some(({ names }) => names.test(name)),
  );
}

describe("a setting", () => {
  it.each(Object.keys(PLACES) as Place[])("of any place is in: %s", (place) => {
    expect(listMissing(place)).toEqual([]);
  });

  it("is an exception only where it is left out indeed", () => {
    const idle = EXCEPTIONS.filter(({ place, names }) =>
      PLACES[place].some((name) => names.test(name)),
    );
    expect(idle).toEqual([]);
  });

  it("is written once in the templates", () => {
    expect(PLACES.bicep).toEqual([...new Set(PLACES.bicep)]);
  });

  it("of the host is explained", () => {
    const section = readProjectFile(DOCUMENT).split("## Settings of the host")[1] ?? "";
    const unexplained = PLACES.bicep.filter(
      (name) => OF_THE_HOST.test(name) && !section.includes(`\`${name.split("__")[0]}\``),
    );
    expect(unexplained).toEqual([]);
  });

  it("has in Azure the default that it has elsewhere, but for the trigger's source", () => {
    const values = [...APP.text.matchAll(/^ {2}([A-Z_]+): '([^']*)'$/gm)];
    const different = values.filter(([, name = "", value]) => Values[name] !== value);
    expect(values.length).toBeGreaterThan(10);
    expect(different.map(([, name, value]) => [name, value])).toEqual([
      ["BLOB_TRIGGER_SOURCE", "EventGrid"],
    ]);
  });

  it("names container, queues and table as the code does", () => {
    const variables = new Map(
      [...MAIN.text.matchAll(/^var (\w+) = '([\w-]+)'$/gm)].map(([, name, value]) => [name, value]),
    );
    const given = {
      UPLOADS_CONTAINER: variables.get("uploadsContainer"),
      WORK_QUEUE: variables.get("workQueue"),
      CONVERTED_CONTAINER: variables.get("convertedContainer"),
      CONVERT_WORK_QUEUE: variables.get("convertQueue"),
      STATUS_QUEUE: variables.get("statusQueue"),
      REQUEST_TABLE: variables.get("requestTable"),
    };
    expect(Values).toMatchObject(given);
  });
});
