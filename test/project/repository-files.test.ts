import { parse as parseJson } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { listFiles, readProjectFile } from "./source-files.ts";

const { scripts, engines, version } = JSON.parse(readProjectFile("package.json")) as {
  scripts: Record<string, string>;
  engines: { node: string };
  version: string;
};

/** A JSON document with comments; fails where it is not one. */
function readJson<T>(path: string): T {
  const errors: never[] = [];
  const value = parseJson(readProjectFile(path), errors, { allowTrailingComma: false }) as T;
  expect({ path, errors }).toEqual({ path, errors: [] });
  return value;
}

describe("for whoever opens the repository", () => {
  it(".nvmrc names a version of Node that the packages accept", () => {
    expect(engines.node).toContain(`${readProjectFile(".nvmrc").trim()}.x`);
  });

  it("the development container has that Node, Chromium and what is installed after a clone", () => {
    const container = readJson<Record<string, string>>(".devcontainer/devcontainer.json");
    expect(container.image).toContain(`:${readProjectFile(".nvmrc").trim()}-`);
    expect(container.onCreateCommand).toContain("chromium");
    expect(container.postCreateCommand).toBe("npm ci");
  });

  it("Visual Studio Code has tasks for scripts that exist, and starts programs that exist", () => {
    const { tasks } = readJson<{ tasks: { script: string }[] }>(".vscode/tasks.json");
    expect(tasks.map(({ script }) => script).filter((name) => !(name in scripts))).toEqual([]);
    const { configurations } = readJson<{ configurations: { program: string }[] }>(
      ".vscode/launch.json",
    );
    const programs = configurations.map(({ program }) =>
      program.replace(/^\$\{workspaceFolder\}\//, ""),
    );
    const own = programs.filter((path) => !path.startsWith("node_modules/"));
    expect(own.length).toBeGreaterThan(0);
    for (const path of own) expect(readProjectFile(path)).not.toBe("");
    expect(readJson(".vscode/extensions.json")).toHaveProperty("recommendations");
  });
});

describe("for whoever contributes", () => {
  it.each(
    listFiles(".github/ISSUE_TEMPLATE", ".yml").filter((path) => !path.endsWith("config.yml")),
  )("%s is a form", (path) => {
    const form = parse(readProjectFile(path)) as {
      name: string;
      description: string;
      body: { type: string; id?: string; attributes: { label?: string } }[];
    };
    expect(form.name && form.description).toBeTruthy();
    const fields = form.body.filter(({ type }) => type !== "markdown");
    expect(fields.every(({ id, attributes }) => id && attributes.label)).toBe(true);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
  });

  it("the template of pull requests asks for what CONTRIBUTING.md requires", () => {
    const template = readProjectFile(".github/pull_request_template.md");
    for (const word of [".ci/run", "test", "CHANGELOG.md", "SAS"]) expect(template).toContain(word);
  });

  it("azure.yaml names the template and its version", () => {
    const { metadata } = parse(readProjectFile("azure.yaml")) as { metadata: { template: string } };
    expect(metadata.template).toBe(`vhd-to-image@${version}`);
  });
});

describe("the Terraform example", () => {
  const main = readProjectFile("examples/terraform/main.tf");
  const files = listFiles("examples/terraform", ".tf");
  const all = files.map(readProjectFile).join("\n");

  it("declares every variable that it uses, and uses every one that it declares", () => {
    const declared = [...all.matchAll(/^variable "(\w+)"/gm)].map(([, name]) => name);
    const used = [...main.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name);
    expect(declared.length).toBeGreaterThan(5);
    expect([...new Set(used)].sort()).toEqual([...declared].sort());
  });

  it("refers to resources that it has", () => {
    const own = [...all.matchAll(/^(?:resource|data) "(\w+)" "(\w+)"/gm)].map(
      ([, type, name]) => `${type}.${name}`,
    );
    const references = [
      ...all.matchAll(/(?<![\w.])(?:data\.)?((?:azurerm|terraform)_\w+\.\w+)/g),
    ].map(([, reference]) => reference ?? "");
    expect(references.length).toBeGreaterThan(3);
    expect(references.filter((reference) => !own.includes(reference))).toEqual([]);
  });

  it("uploads the disk as a page blob, and the manifest after it", () => {
    const block = (name: string) =>
      new RegExp(`^resource "azurerm_storage_blob" "${name}" \\{\n([\\s\\S]*?)^\\}`, "m").exec(
        main,
      )?.[1];
    expect(block("disk")).toMatch(/^ +type += "Page"$/m);
    expect(block("manifest")).toMatch(/^ +depends_on += \[azurerm_storage_blob\.disk\]$/m);
  });

  it("closes every bracket, and marks the key as sensitive", () => {
    for (const file of files) {
      const text = readProjectFile(file).replaceAll(/"(?:\\.|[^"\\])*"/g, '""');
      for (const [opening, closing] of ["{}", "[]", "()"].map((pair) => pair.split(""))) {
        const count = (character = "") => text.split(character).length;
        expect({ file, count: count(opening) }).toEqual({ file, count: count(closing) });
      }
    }
    expect(all).toMatch(/variable "app_key" \{[^}]*sensitive += true/);
  });
});
