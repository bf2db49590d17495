import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "./run-command.ts";
import { KEY, type ScriptedApp, startScriptedApp } from "./scripted-app.ts";

const MANIFEST = {
  properties: {
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "web.vhd" } },
  },
};
const BODY = { location: "westeurope", tags: { evil: "\u001b[31m" } };
const PLAN = {
  verdict: "create",
  message: "every call that the outputs need would be sent",
  requestId: null,
  kind: "manifest",
  source: "web.json",
  image: { name: "web" },
  outputs: [
    {
      kind: "managedImage",
      action: "create",
      id: "/subscriptions/s/images/web",
      requests: [{ method: "PUT", url: "https://arm/web?api-version=1", body: BODY }],
      detail: null,
      error: null,
    },
  ],
  disks: [
    {
      role: "os",
      blob: "web.vhd",
      state: "complete",
      detail: null,
      inspection: { format: "fixed VHD", osType: "Linux", hyperVGeneration: "V2" },
      warnings: [],
    },
    {
      role: "data",
      lun: 1,
      blob: "logs.vhdx",
      state: "converting",
      detail: null,
      inspection: null,
      conversion: {
        from: "vhdx",
        to: "converted/0123.vhd",
        mode: "server-side",
        bytesTotal: 15 * 1024 ** 3,
        bytesDone: 0,
        calls: 3840,
        percent: 0,
        secondsLeft: 256,
      },
      warnings: [],
    },
  ],
  warnings: ["web.vhd: has an infinite lease"],
};
const REFUSAL = {
  status: 422,
  detail: "The request would fail: …",
  error: {
    code: "InvalidManifest",
    message: "web.json has 2 problems: …",
    fix: "Correct the manifest and upload it again.",
    details: [{ message: "one" }, { message: "two" }],
  },
  mistakes: [
    { line: 1, column: 3, path: "imageNme", message: "is not a known key" },
    { line: 2, column: 5, path: "properties", message: "is missing" },
  ],
  outputs: [],
  disks: [],
  warnings: [],
};

let folder = "";
let app: ScriptedApp;
beforeAll(async () => {
  app = await startScriptedApp();
  folder = await mkdtemp(join(tmpdir(), "plan-"));
  await writeFile(join(folder, "web.json"), JSON.stringify(MANIFEST));
  await writeFile(join(folder, "bad.json"), '{ "imageNme": "x" }');
  await writeFile(join(folder, "web.vhd"), "");
});
afterAll(async () => {
  app.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  app.calls.length = 0;
  app.answers = { "POST plan": { body: PLAN } };
});

const run = (...args: readonly string[]) =>
  runCommand(["plan", ...args], {
    folder,
    environment: { VHD_TO_IMAGE_URL: app.url, VHD_TO_IMAGE_KEY: KEY },
  });

describe("vhd-to-image plan", () => {
  it("sends a manifest on this machine, and prints every call with its body", async () => {
    const { code, stdout, stderr } = await run("web.json");

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(app.calls).toEqual([
      {
        method: "POST",
        path: "plan?name=web.json",
        contentType: "application/json",
        body: JSON.stringify(MANIFEST),
      },
    ]);
    expect(stdout).toContain("verdict   ✓ create\n");
    expect(stdout).toContain(
      "disk      web.vhd (OS disk, complete, fixed VHD, Linux, generation V2)",
    );
    expect(stdout).toContain(
      "convert   from vhdx to converted/0123.vhd: 15 GiB of data, 3840 calls, about 5 minutes",
    );
    const start = stdout.indexOf("PUT https://arm/web?api-version=1\n");
    const text = stdout.slice(stdout.indexOf("{", start), stdout.indexOf("\n}", start) + 2);
    expect(JSON.parse(text)).toEqual(BODY);
    expect(stdout).toContain("warning   web.vhd: has an infinite lease");
    expect(stdout).not.toContain("\u001b");
  });

  it("prints the app's document with --json", async () => {
    expect(JSON.parse((await run("web.json", "--json")).stdout)).toEqual(PLAN);
  });

  it.each([
    [["web.vhd", "--uploaded"], "plan?source=web.vhd"],
    [["other.json"], "plan?source=other.json"],
    [["web.json", "--uploaded"], "plan?source=web.json"],
    [["web.json", "--name", "a/b.json"], "plan?name=a%2Fb.json"],
  ])("with %j asks for %s", async (args, path) => {
    expect((await run(...args)).code).toBe(0);
    expect(app.calls.map((call) => call.path)).toEqual([path]);
  });

  it("reports every mistake with its place, and ends with 1", async () => {
    app.answers["POST plan"] = { status: 422, body: REFUSAL };

    expect(await run("web.json")).toEqual({
      code: 1,
      stdout: "",
      stderr: [
        "web.json:1:3: imageNme: is not a known key",
        "web.json:2:5: properties: is missing",
        "Correct the manifest and upload it again.",
        "",
      ].join("\n"),
    });
    const json = await run("web.json", "--json");
    expect({ ...json, stdout: JSON.parse(json.stdout) }).toEqual({
      code: 1,
      stdout: REFUSAL,
      stderr: "",
    });
  });

  it("reports any other error with what to do", async () => {
    const error = { code: "NotAllowed", message: "Not here.", fix: "Ask.", details: [] };
    app.answers["POST plan"] = { status: 422, body: { ...REFUSAL, mistakes: [], error } };
    expect(await run("web.json")).toMatchObject({
      code: 1,
      stderr: "NotAllowed: Not here.\nAsk.\n",
    });
  });

  it("ends with 1 for what would be canceled, or does not exist", async () => {
    app.answers["POST plan"] = { body: { ...PLAN, verdict: "canceled", outputs: [] } };
    expect((await run("web.json")).code).toBe(1);
    app.answers["POST plan"] = { status: 404, body: { detail: "x" } };
    expect(await run("nobody.vhd")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        "nobody.vhd is neither a file on this machine nor an upload.",
      ),
    });
  });

  it("refuses a disk on this machine, which inspect is for", async () => {
    expect(await run("web.vhd")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("add --uploaded"),
    });
    expect(app.calls).toEqual([]);
  });
});

describe("vhd-to-image plan --offline", () => {
  it("checks a manifest without the app", async () => {
    expect(await run("web.json", "--offline")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("web.json is a valid manifest."),
    });
    const bad = await run("bad.json", "--offline");
    expect(bad).toMatchObject({ code: 1, stdout: "" });
    expect(bad.stderr).toMatch(/^bad\.json:1:1: properties: .*\nbad\.json:1:3: imageNme: .*\n$/);
    expect(app.calls).toEqual([]);
  });

  it("prints JSON, and reports a missing file", async () => {
    const { code, stdout } = await run("bad.json", "--offline", "--json");
    expect({ code, count: JSON.parse(stdout).mistakes.length }).toEqual({ code: 1, count: 2 });
    expect(await run("nobody.json", "--offline")).toEqual({
      code: 2,
      stdout: "",
      stderr: "nobody.json cannot be read: the file does not exist.\n",
    });
  });
});
