import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readBicepFile } from "./bicep.ts";
import { ROOT, readProjectFile } from "./source-files.ts";

interface AzureYaml {
  readonly requiredVersions: { readonly azd: string };
  readonly services: Readonly<
    Record<"app", { project: string; dist: string; host: string; remoteBuild: boolean }>
  >;
  readonly hooks: { readonly postdeploy: Record<"posix" | "windows", { run: string }> };
}

const { services, hooks, requiredVersions } = parse(readProjectFile("azure.yaml")) as AzureYaml;
const { app } = services;

/** What azd itself sets for hooks; everything else is an output of main.bicep. */
const SET_BY_AZD = ["AZURE_SUBSCRIPTION_ID"];

/**
 * The parts of azd's schema that this file uses, closed where azd's is open, so that a key with a typing
 * error is not passed over. https://github.com/Azure/azure-dev/blob/main/schemas/v1.0/azure.yaml.json
 */
const HOOK = {
  type: "object",
  required: ["shell", "run"],
  additionalProperties: false,
  properties: {
    shell: { enum: ["sh", "pwsh"] },
    run: { type: "string" },
    continueOnError: { type: "boolean" },
    interactive: { type: "boolean" },
  },
};
const SCHEMA = {
  type: "object",
  required: ["name", "infra", "services", "hooks"],
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 2, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" },
    metadata: { type: "object", properties: { template: { type: "string" } } },
    requiredVersions: {
      type: "object",
      additionalProperties: false,
      properties: { azd: { type: "string" } },
    },
    infra: {
      type: "object",
      additionalProperties: false,
      properties: {
        provider: { const: "bicep" },
        path: { type: "string" },
        module: { type: "string" },
      },
    },
    services: {
      type: "object",
      minProperties: 1,
      additionalProperties: {
        // For a function app, azd refuses image, docker, k8s, apiVersion and env.
        type: "object",
        required: ["host", "project"],
        additionalProperties: false,
        properties: {
          host: { const: "function" },
          project: { type: "string" },
          dist: { type: "string" },
          language: { enum: ["js", "ts"] },
          remoteBuild: { type: "boolean" },
          resourceName: { type: "string" },
          hooks: { type: "object" },
        },
      },
    },
    hooks: {
      type: "object",
      additionalProperties: false,
      patternProperties: {
        "^(?:pre|post)(?:provision|up|down|package|publish|deploy|restore)$": {
          type: "object",
          additionalProperties: false,
          properties: { posix: HOOK, windows: HOOK },
        },
      },
    },
  },
};

describe("azure.yaml", () => {
  it("keeps to azd's schema", () => {
    const ajv = new Ajv({ allErrors: true });
    ajv.validate(SCHEMA, parse(readProjectFile("azure.yaml")));
    expect(ajv.errors).toBeNull();
  });

  it("names a template and scripts that exist", () => {
    const { infra } = parse(readProjectFile("azure.yaml")) as { infra: Record<string, string> };
    for (const path of [
      `${infra.path}/${infra.module}.bicep`,
      `${infra.path}/${infra.module}.parameters.json`,
      ...Object.values(hooks.postdeploy).map(({ run }) => run),
    ])
      expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  it("finds the app by the tag that the template gives it", () => {
    expect(Object.keys(services)).toEqual(["app"]);
    expect(readProjectFile("infra/main.bicep")).toContain("'azd-service-name': 'app'");
  });

  it("builds here and not in the cloud, which azd refuses beside a .funcignore", () => {
    expect(app).toMatchObject({ host: "function", remoteBuild: false });
    expect(existsSync(join(ROOT, app.project, ".funcignore"))).toBe(false);
    expect(requiredVersions.azd).toMatch(/^>= \d+\.\d+\.\d+$/);
  });

  it("deploys the folder that the build of its project lays out", () => {
    const { scripts } = JSON.parse(readProjectFile(`${app.project}/package.json`)) as {
      scripts: Record<"build" | "postinstall", string>;
    };
    const { scripts: rootScripts } = JSON.parse(readProjectFile("package.json")) as {
      scripts: Record<string, string>;
    };
    expect(scripts.build).toBe("cd ../.. && npm run stage");
    expect(rootScripts.stage).toBe("npm run --silent build && node infra/azd/stage.ts");
    expect(readProjectFile("infra/azd/stage.ts")).toContain(`"${app.project}/${app.dist}"`);
  });
});

describe.each(Object.entries(hooks.postdeploy))("the hook for %s", (_, { run }) => {
  const script = readProjectFile(run);

  it("needs nothing that it is not given", () => {
    const needed = new Set(script.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g));
    const given = [...readBicepFile("infra/main.bicep").outputs.keys(), ...SET_BY_AZD];
    const known = new Set([...given, "SECONDS_BETWEEN"]);
    expect([...needed].filter((name) => !known.has(name))).toEqual([]);
    expect(needed).toContain("EVENT_TOPIC_NAME");
  });

  it("gives the template every parameter that it needs", () => {
    const { parameters } = readBicepFile("infra/event-subscription.bicep");
    const missing = parameters.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(script));
    expect(missing).toEqual([]);
  });

  it("does not put the key among the arguments of a process", () => {
    expect(script).not.toMatch(/blobsExtensionKey=/);
    expect(script).toMatch(/"@\$parameters"/);
  });
});

it("the hook for a POSIX shell can be executed", () => {
  expect(() => accessSync(join(ROOT, hooks.postdeploy.posix.run), constants.X_OK)).not.toThrow();
});
