import { describe, expect, it } from "vitest";
import { readBicepFile } from "./bicep.ts";
import { readCodes, readTables } from "./markdown.ts";
import { readProjectFile } from "./source-files.ts";

const MAIN = readBicepFile("infra/main.bicep");
const NAMES = MAIN.parameters.map(({ name }) => name);

const { parameters } = JSON.parse(readProjectFile("infra/main.parameters.json")) as {
  parameters: Record<string, { value: unknown }>;
};

/** `${NAME=default}` of a value, taken apart; null for a value of its own. */
function readVariable(value: unknown): { name: string; fallback: string } | null {
  const match = typeof value === "string" ? /^\$\{(\w+)(?:=(.*))?\}$/.exec(value) : null;
  return match === null ? null : { name: match[1] ?? "", fallback: match[2] ?? "" };
}

/** Default of a parameter as it is written; null when it has none. */
function readDefault(name: string): string | null {
  const [, value] = new RegExp(`^param ${name} \\w+ = (.*)$`, "m").exec(MAIN.text) ?? [];
  return value?.replace(/^'(.*)'$/, "$1") ?? null;
}

describe("main.parameters.json", () => {
  it("has every parameter of main.bicep, in its order, and no other", () => {
    expect(Object.keys(parameters)).toEqual(NAMES);
  });

  it("gives the defaults that main.bicep has", () => {
    const different = Object.entries(parameters).filter(([name, { value }]) => {
      const given = readVariable(value)?.fallback ?? JSON.stringify(value);
      return given !== (readDefault(name) ?? "");
    });
    expect(different).toEqual([]);
  });

  it("uses a variable for texts only: azd puts in nothing else", () => {
    const others = MAIN.parameters.filter(
      ({ name, type }) => (readVariable(parameters[name]?.value) !== null) !== (type === "string"),
    );
    expect(others).toEqual([]);
  });

  it("uses no variable that Node's container images set: azd takes those of the machine too", () => {
    const names = Object.values(parameters).map(({ value }) => readVariable(value)?.name);
    expect(names.filter((name) => /^(?:NODE|NPM|YARN)_/.test(name ?? ""))).toEqual([]);
  });
});

describe("the table of parameters in docs/deployment.md", () => {
  const rows = readTables("docs/deployment.md", "## Parameters");

  it("has every parameter, in the order of main.bicep", () => {
    expect(rows.map((row) => readCodes(row.parameter)[0])).toEqual(NAMES);
    expect(rows.filter((row) => !row.meaning)).toEqual([]);
  });

  it("gives default and variable as they are", () => {
    const documented = rows.map((row) => [
      readCodes(row.default)[0] ?? row.default,
      readCodes(row["azd variable"])[0] ?? null,
    ]);
    const real = NAMES.map((name) => {
      const value = readDefault(name);
      return [
        value === null ? "none" : value || "empty",
        readVariable(parameters[name]?.value)?.name ?? null,
      ];
    });
    expect(documented).toEqual(real);
  });
});
