import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { REQUEST_STATES } from "../../shared/record/states.ts";
import { readBlocks } from "./markdown.ts";
import { ROOT, readProjectFile } from "./source-files.ts";

const ID = "https://vhd-to-image.example/openapi";

interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly components: { readonly schemas: Record<string, Record<string, unknown>> };
}

const document = parse(readProjectFile("docs/openapi.yaml")) as OpenApi;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, ID);

/** What is wrong with a value by one of the document's schemas. */
function findErrors(schema: string, value: unknown): unknown {
  const validate = ajv.compile({ $ref: `${ID}#/components/schemas/${schema}` });
  validate(value);
  return validate.errors;
}

describe("docs/openapi.yaml", () => {
  it("is OpenAPI 3.1 and of the version of the package", () => {
    const { version } = JSON.parse(readProjectFile("package.json")) as { version: string };
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info.version).toBe(version);
  });

  it("points to nothing that is not there", () => {
    const pointers = [...readProjectFile("docs/openapi.yaml").matchAll(/\$ref: "#\/([^"]+)"/g)];
    expect(pointers).not.toEqual([]);
    const dangling = pointers.filter(([, pointer = ""]) => {
      const found = pointer
        .split("/")
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
      return found === undefined;
    });
    expect(dangling).toEqual([]);
  });

  it("knows the states of the code", () => {
    expect(document.components.schemas.State?.enum).toEqual(REQUEST_STATES);
  });

  it("closes every object of the app's own shape", () => {
    const open = Object.entries(document.components.schemas)
      .filter(
        ([, { type, additionalProperties }]) => type === "object" && additionalProperties !== false,
      )
      .map(([name]) => name);
    expect(open).toEqual([]);
  });
});

describe("the description, by Redocly's recommended rules", () => {
  it("has no error and no warning, without a network", async () => {
    const command = fileURLToPath(import.meta.resolve("@redocly/cli/bin/cli.js"));
    const environment = {
      ...process.env,
      REDOCLY_TELEMETRY: "off",
      REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
    };
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [command, "lint", "app", "--format", "json", "--config", "redocly.yaml"],
      { cwd: ROOT, env: environment },
    ).catch((error: { stdout: string; stderr: string }) => error);
    expect({
      problems: (JSON.parse(stdout) as { problems: unknown }).problems,
      stderr,
    }).toMatchObject({
      problems: [],
    });
  });
});

describe("the examples in docs/status-api.md", () => {
  const examples = readBlocks("docs/status-api.md").filter(({ info }) => info.startsWith("json "));

  it("cover the documents that the routes answer with", () => {
    const schemas = new Set(examples.map(({ info }) => info.split(" ")[1]));
    expect([...schemas].sort()).toEqual([
      "CloudEvent",
      "Health",
      "Plan",
      "PlanProblem",
      "Problem",
      "Queue",
      "Status",
      "StatusList",
    ]);
  });

  it.each(examples)("$info is what the schema says", ({ info, text }) => {
    expect(findErrors(info.split(" ")[1] ?? "", JSON.parse(text))).toBeNull();
  });
});
