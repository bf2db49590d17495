import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { DISK_EXTENSIONS } from "../../shared/disk/format/disk-files.ts";
import { BICEP_PATHS, readBicepFile } from "./bicep.ts";
import { API_VERSIONS, ROLE_IDS } from "./infra-facts.ts";
import { readCodes, readTables } from "./markdown.ts";
import { findImbalance } from "./mask-bicep.ts";
import { ROOT, readProjectFile } from "./source-files.ts";

const FILES = BICEP_PATHS.map(readBicepFile);
const ALL_TEXT = FILES.map(({ text }) => text).join("\n");

function readModule(name: string) {
  return readBicepFile(`infra/modules/${name}.bicep`);
}

describe.each(FILES)("$path", ({ path, parameters, modules, outputs, text }) => {
  it("closes what it opens", () => {
    expect(findImbalance(readProjectFile(path))).toBeNull();
  });

  it("says what each parameter is", () => {
    expect(parameters.filter(({ description }) => !description.endsWith("."))).toEqual([]);
  });

  it("uses each of its parameters", () => {
    const unused = parameters.filter(
      ({ name }) => [...text.matchAll(new RegExp(`\\b${name}\\b`, "g"))].length < 2,
    );
    expect(unused).toEqual([]);
  });

  it("calls modules that exist, with every parameter they need and no other", () => {
    for (const { path: called, arguments: given } of modules) {
      const target = normalize(join(dirname(path), called));
      expect(existsSync(join(ROOT, target)), target).toBe(true);
      const declared = readBicepFile(target).parameters;
      const names = declared.map(({ name }) => name);
      const needed = declared.filter(({ isRequired }) => isRequired).map(({ name }) => name);
      expect(names, target).toEqual(expect.arrayContaining([...given]));
      expect(given, target).toEqual(expect.arrayContaining(needed));
    }
  });

  it("takes from modules what they give", () => {
    for (const { name, path: called } of modules) {
      const given = readBicepFile(normalize(join(dirname(path), called))).outputs;
      const taken = [...text.matchAll(new RegExp(`\\b${name}\\.outputs\\.(\\w+)`, "g"))];
      expect(taken.map(([, output = ""]) => output).filter((output) => !given.has(output))).toEqual(
        [],
      );
    }
  });

  it("gives nothing away that is secret", () => {
    const suspects = [...outputs].filter(([name, value]) =>
      /secret|password|connectionstring|key/i.test(`${name} ${value}`),
    );
    expect(suspects).toEqual([]);
  });
});

describe("the templates", () => {
  it("use the versions that were looked up, and no others", () => {
    const used = FILES.flatMap(({ resources }) => resources).filter(({ version }) => version);
    const wrong = used.filter(({ type, version }) => API_VERSIONS[type]?.version !== version);
    expect(wrong).toEqual([]);
    const types = new Set(used.map(({ type }) => type));
    expect(Object.keys(API_VERSIONS).filter((type) => !types.has(type))).toEqual([]);
    const unstable = Object.values(API_VERSIONS).filter(
      ({ version, source, preview }) =>
        !(preview === undefined ? /^\d{4}-\d\d-\d\d$/ : /-preview$/).test(version) ||
        !source.includes(version),
    );
    expect(unstable).toEqual([]);
  });

  it("name built-in roles as what they are", () => {
    const named = [...ALL_TEXT.matchAll(/var (\w+) = '([0-9a-f-]{36})'/g)];
    expect(named.filter(([, name = "", id]) => ROLE_IDS[name] !== id)).toEqual([]);
    expect([...ALL_TEXT.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/g)]).toHaveLength(named.length);
  });

  it("ask for no key", () => {
    expect(ALL_TEXT).not.toMatch(/\blist(?:Keys|AccountSas|ServiceSas|Secrets)?\(|\.list\w*\(/);
    const secure = FILES.flatMap(({ parameters }) => parameters).filter(({ isSecure }) => isSecure);
    expect(secure.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ["blobsExtensionKey", true],
    ]);
  });

  it("name no host of a cloud", () => {
    expect(ALL_TEXT).not.toMatch(
      /windows\.net|azurewebsites|azure\.com|chinacloudapi|usgovcloudapi/i,
    );
  });

  it("fetch nothing from a registry", () => {
    const foreign = FILES.flatMap(({ modules }) => modules).filter(({ path }) => /:/.test(path));
    expect(foreign).toEqual([]);
  });
});

describe("the storage accounts", () => {
  const { resources } = readModule("storage-account");

  it.each([
    "allowBlobPublicAccess: false",
    "allowSharedKeyAccess: false",
    "defaultToOAuthAuthentication: true",
    "minimumTlsVersion: 'TLS1_2'",
    "supportsHttpsTrafficOnly: true",
  ])("have %s", (property) => {
    const [account] = resources;
    expect(account?.body).toContain(property);
  });

  it("keep deleted blobs and containers", () => {
    const service = resources.find(({ name }) => name === "blobService");
    expect(service?.body.match(/enabled: true\s+days: softDeleteDays/g)).toHaveLength(2);
  });

  it("are made nowhere else", () => {
    const made = FILES.filter((file) =>
      file.resources.some(
        ({ type, isExisting }) => type === "Microsoft.Storage/storageAccounts" && !isExisting,
      ),
    );
    expect(made.map(({ path }) => path)).toEqual(["infra/modules/storage-account.bicep"]);
  });
});

describe("the app", () => {
  const { resources, text } = readModule("function-app");

  it("gets its package by its identity, on Flex Consumption", () => {
    expect(text).toMatch(/type: 'UserAssignedIdentity'/);
    expect(text).toMatch(/name: 'FC1'/);
    expect(resources.find(({ name }) => name === "app")?.body).toContain("httpsOnly: true");
  });

  it("refuses old TLS, and publishing by user name and password", () => {
    const app = resources.find(({ name }) => name === "app")?.body ?? "";
    expect(app).toContain("minTlsVersion: '1.2'");
    expect(app).toContain("scmMinTlsVersion: '1.2'");
    const policies = resources.filter(({ type }) => type.includes("PublishingCredentials"));
    const rules = policies.map(({ body }) => [
      /name: '(\w+)'/.exec(body)?.[1],
      /allow: (\w+)/.exec(body)?.[1],
    ]);
    expect(rules).toEqual([
      ["scm", "false"],
      ["ftp", "false"],
    ]);
  });

  it("takes settings that are numbers, of which the template cannot say whether they are empty", () => {
    expect(text.match(/setting\.value/g)).toHaveLength(2);
    expect(text.match(/string\(setting\.value\)/g)).toHaveLength(2);
  });
});

describe("the custom roles", () => {
  it("allow exactly what is documented", () => {
    const allowed = [...ALL_TEXT.matchAll(/'(Microsoft\.\w+\/[\w/]+\/(?:read|write|action))'/g)];
    const documented = ["### Rights of the app's identity", "### Uploaders"].flatMap((heading) =>
      readTables("docs/deployment.md", heading).flatMap((row) => readCodes(row.action)),
    );
    expect(allowed.map(([, action]) => action).sort()).toEqual(documented.sort());
    expect(documented.filter((action) => /\*|delete/i.test(action))).toEqual([]);
  });

  it("can be assigned only where they are defined", () => {
    const scopes = [...ALL_TEXT.matchAll(/assignableScopes: \[(.*)\]/g)].map(([, scope]) => scope);
    expect(scopes).toEqual([
      "resourceGroup().id",
      "resourceGroup().id",
      "resourceGroup().id",
      "subscription().id",
    ]);
    expect(readModule("operation-rights").text).toContain("subscription().id]");
  });
});

describe("the Event Grid subscription", () => {
  const { text } = readBicepFile("infra/event-subscription.bicep");

  it.each([
    "includedEventTypes: ['Microsoft.Storage.BlobCreated']",
    "operatorType: 'StringEndsWith'",
    "blobContainerName: deadLetterContainer",
    "maxDeliveryAttempts: 30",
  ])("has %s", (property) => {
    expect(text).toContain(property);
  });

  it("reports manifests and every file with a disk, within the limit of 25 values", () => {
    const values = /values: \[([^\]]*)\]/.exec(text)?.[1] ?? "";
    const endings = [...values.matchAll(/'([^']*)'/g)].map(([, ending]) => ending);
    expect([...endings].sort()).toEqual([".json", ...DISK_EXTENSIONS].sort());
    expect(endings.length).toBeLessThanOrEqual(25);
  });

  it("is for the uploads container only", () => {
    expect(text).toMatch(
      /subjectBeginsWith: '\/blobServices\/default\/containers\/\$\{uploadsContainer\}\/blobs\/'/,
    );
  });

  it("names the function that is registered for blobs", () => {
    const [, name] = /Host\.Functions\.([\w-]+)/.exec(text) ?? [];
    expect(readProjectFile("functions/index.ts")).toMatch(
      new RegExp(`app\\.storageBlob\\(\\s*"${name}"`),
    );
  });
});
