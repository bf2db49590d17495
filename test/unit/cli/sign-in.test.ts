import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseAzdValues } from "../../../cli/app/azd-values.ts";
import type { CommandContext } from "../../../cli/command-context.ts";
import { runCommand } from "./run-command.ts";
import { KEY, type ScriptedApp, startScriptedApp } from "./scripted-app.ts";

const RESOURCE = {
  AZURE_FUNCTION_APP_NAME: "my-app",
  AZURE_RESOURCE_GROUP: "my-group",
  AZURE_SUBSCRIPTION_ID: "my-subscription",
};

let app: ScriptedApp;
let arm: Server;
let armEndpoint = "";
let calls: IncomingMessage[] = [];
let answer: { status: number; body: unknown };
beforeAll(async () => {
  app = await startScriptedApp();
  app.answers = { "GET status": { body: { items: [] } } };
  arm = createServer((request, response) => {
    calls.push(request);
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body));
  }).listen(0, "127.0.0.1");
  await once(arm, "listening");
  armEndpoint = `http://127.0.0.1:${(arm.address() as AddressInfo).port}`;
});
afterAll(() => {
  app.close();
  arm.close();
});
beforeEach(() => {
  calls = [];
  answer = { status: 200, body: { masterKey: "master", functionKeys: { default: KEY } } };
});

const status = (more: Partial<CommandContext> = {}) =>
  runCommand(["status"], { armEndpoint, armToken: async () => "token", ...more });
const azd = (values: Record<string, string>) => ({ azdValues: async () => values });

describe("the app and its key", () => {
  it("are those of the azd environment, the key read with the sign-in of Azure tools", async () => {
    expect(await status(azd({ ...RESOURCE, FUNCTION_APP_URL: app.url }))).toMatchObject({
      code: 0,
      stderr: "No requests.\n",
    });
    expect(calls.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
      [
        "POST",
        "/subscriptions/my-subscription/resourceGroups/my-group/providers/Microsoft.Web/sites/my-app/host/default/listKeys?api-version=2024-04-01",
        "Bearer token",
      ],
    ]);
  });

  it("come from the environment first, and then nothing else is asked", async () => {
    const environment = { VHD_TO_IMAGE_URL: app.url, VHD_TO_IMAGE_KEY: KEY };
    const azdValues = async () => {
      throw new Error("azd is not needed");
    };
    expect((await status({ environment, azdValues })).code).toBe(0);
    expect(calls).toEqual([]);
  });

  it("are never mixed: no key is fetched for another address", async () => {
    const environment = { VHD_TO_IMAGE_URL: app.url };
    const other = azd({ ...RESOURCE, FUNCTION_APP_URL: "https://my-app.azurewebsites.net" });
    expect(await status({ environment, ...other })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`The key for ${app.url} is missing.`),
    });
    expect(calls).toEqual([]);
  });

  it.each([
    [403, {}, "You need the right Microsoft.Web/sites/host/listkeys/action."],
    [500, {}, "Resource Manager answered 500."],
    [200, { functionKeys: {} }, "no function key named default"],
  ])("end with 3 when Resource Manager answers %d %j", async (code, body, text) => {
    answer = { status: code, body };
    expect(await status(azd({ ...RESOURCE, FUNCTION_APP_URL: app.url }))).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining(text),
    });
  });

  it("end with 3 where nobody is signed in, and say how to", async () => {
    const armToken = async () => {
      throw new Error("secret reasons");
    };
    const values = azd({ ...RESOURCE, FUNCTION_APP_URL: app.url });
    const { code, stderr } = await status({ ...values, armToken });
    expect(code).toBe(3);
    expect(stderr).toContain("Sign in with `az login`.");
    expect(stderr).not.toContain("secret");
  });
});

describe("the values of azd", () => {
  it("are read line by line, quotes and escapes included", () => {
    expect(
      parseAzdValues('A="1"\nURL="https://x/?a=b"\r\nQ="a \\"b\\" \\\\"\nbad\nlower="x"\n'),
    ).toEqual({
      A: "1",
      URL: "https://x/?a=b",
      Q: 'a "b" \\',
    });
  });
});
