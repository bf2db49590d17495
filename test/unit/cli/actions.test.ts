import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "./run-command.ts";
import { ID, KEY, type ScriptedApp, startScriptedApp, statusOf } from "./scripted-app.ts";

const NEW_ID = "zyxwvutsrqponmlkjihg";
let app: ScriptedApp;
beforeAll(async () => {
  app = await startScriptedApp();
});
afterAll(() => app.close());
beforeEach(() => {
  app.calls.length = 0;
  app.answers = {
    [`GET status/${ID}`]: { body: statusOf("waiting") },
    "GET status": { body: { items: [statusOf("waiting")] } },
  };
});

const run = (...args: readonly string[]) =>
  runCommand(args, { environment: { VHD_TO_IMAGE_URL: app.url, VHD_TO_IMAGE_KEY: KEY } });
const detail = (text: string) => ({ title: "Conflict", status: 409, detail: text });

describe("vhd-to-image cancel", () => {
  it.each([ID, "web.json"])("cancels the request of %s, and prints it", async (text) => {
    app.answers[`POST status/${ID}/cancel`] = { body: statusOf("canceled") };

    const { code, stdout, stderr } = await run("cancel", text);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("✗ canceled");
    expect(app.calls.at(-1)).toEqual({
      method: "POST",
      path: `status/${ID}/cancel`,
      contentType: "application/json",
      body: "",
    });
  });

  it("prints the status as JSON", async () => {
    app.answers[`POST status/${ID}/cancel`] = { body: statusOf("canceled") };
    expect(JSON.parse((await run("cancel", ID, "--json")).stdout)).toEqual(statusOf("canceled"));
  });

  it.each([409, 403])("ends with 1 and the app's reason when it refuses (%d)", async (status) => {
    const body = detail("Azure is building the image already.\u001b");
    app.answers[`POST status/${ID}/cancel`] = { status, body };
    expect(await run("cancel", ID)).toEqual({
      code: 1,
      stdout: "",
      stderr: "Azure is building the image already.?\n",
    });
  });

  it("ends with 3 where the key opens nothing", async () => {
    app.answers[`POST status/${ID}/cancel`] = { status: 401 };
    expect(await run("cancel", ID)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("refused the key (401)"),
    });
  });

  it("ends with 1 for a request that does not exist", async () => {
    app.answers["GET status"] = { body: { items: [] } };
    expect(await run("cancel", "other.json")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The app has no request for "other.json".'),
    });
  });
});

describe("vhd-to-image retry", () => {
  beforeEach(() => {
    app.answers[`POST status/${ID}/retry`] = {
      status: 202,
      body: statusOf("received", { requestId: NEW_ID }),
    };
  });

  it.each([
    ["succeeded", 0],
    ["failed", 1],
  ])("follows the new request until it has %s, and ends with %d", async (state, code) => {
    app.answers[`GET status/${NEW_ID}`] = { body: statusOf(state, { requestId: NEW_ID }) };

    const result = await run("retry", "web.json");
    expect(result).toMatchObject({ code, stdout: expect.stringContaining(NEW_ID) });
    expect(result.stderr).toContain(state);
  });

  it("prints the new id with --no-wait, and how to follow it", async () => {
    expect(await run("retry", ID, "--no-wait")).toEqual({
      code: 0,
      stdout: `${NEW_ID}\n`,
      stderr: `To follow it:\n  vhd-to-image watch ${NEW_ID}\n`,
    });
    expect(JSON.parse((await run("retry", ID, "--no-wait", "--json")).stdout)).toEqual({
      requestId: NEW_ID,
    });
  });

  it("ends with 1 and the app's reason when it refuses", async () => {
    const body = detail("The request has not ended: waiting.");
    app.answers[`POST status/${ID}/retry`] = { status: 409, body };
    expect(await run("retry", ID)).toEqual({
      code: 1,
      stdout: "",
      stderr: "The request has not ended: waiting.\n",
    });
  });
});
