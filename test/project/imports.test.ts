import { describe, expect, it } from "vitest";
import { IMPORT_RULES, layerOf } from "./import-rules.ts";
import { type Import, listFiles, listImports, readProjectFile } from "./source-files.ts";

const DEPLOYED = [...listFiles("functions", ".ts"), ...listFiles("shared", ".ts")];

function isAllowed({ from, to, isRelative, isTypeOnly }: Import): boolean {
  const layer = layerOf(from);
  const rule = IMPORT_RULES[layer];
  if (rule === undefined) return false;
  if (!isRelative) return rule.packages.includes(to);
  const target = layerOf(to);
  if (target === layer || rule.layers.includes(target)) return true;
  return isTypeOnly && (rule.types ?? []).includes(target);
}

describe("import directions", () => {
  it.each(Object.keys(IMPORT_RULES))("%s imports only what its rule allows", (layer) => {
    const files = DEPLOYED.filter((file) => layerOf(file) === layer);
    expect(files).not.toEqual([]);
    const forbidden = files
      .flatMap(listImports)
      .filter((item) => !isAllowed(item))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(forbidden).toEqual([]);
  });

  it("has a rule for every layer that is deployed", () => {
    const unruled = DEPLOYED.filter((file) => IMPORT_RULES[layerOf(file)] === undefined);
    expect(unruled).toEqual([]);
  });

  it("lets the local world and the tests be imported by nothing that is deployed", () => {
    const outward = DEPLOYED.flatMap(listImports).filter(
      ({ to, isRelative }) => isRelative && !/^(?:functions|shared)\//.test(to),
    );
    expect(outward).toEqual([]);
  });

  it("keeps the app's code out of the simulator and the host stand-in", () => {
    const folders = ["local/arm-simulator", "local/functions-host"];
    const inward = folders
      .flatMap((folder) => listFiles(folder, ".ts"))
      .flatMap(listImports)
      .filter(({ to, isRelative }) => isRelative && /^(?:functions|shared)\//.test(to));
    expect(inward).toEqual([]);
  });
});

describe("the composition root", () => {
  const others = DEPLOYED.filter((file) => file !== "functions/index.ts");

  it("alone reads the environment", () => {
    const readers = others.filter((file) => /\bprocess\s*\.\s*env\b/.test(readProjectFile(file)));
    expect(readers).toEqual([]);
    expect(readProjectFile("functions/index.ts")).toContain("process.env");
  });

  it("alone registers functions", () => {
    const registrars = others
      .flatMap(listImports)
      .filter(({ to, isTypeOnly }) => to === "@azure/functions" && !isTypeOnly)
      .map(({ from }) => from);
    expect(registrars).toEqual([]);
  });
});
