import { HttpRequest } from "@azure/functions";
import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/plan.http.ts";
import { BadQueryError } from "../../../shared/errors.ts";
import type { PlanInput } from "../../../shared/plan/plan-upload.ts";
import { createFakeApp } from "../../fakes/app.ts";
import { createFakePlanner } from "../../fakes/planner.ts";

const MANIFEST = {
  properties: {
    hyperVGeneration: "V1",
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" } },
  },
};

/** What is answered to a POST, and what was planned for it. */
async function post(query: string, body = "") {
  const app = createFakeApp();
  app.blobs.putText({ container: "uploads", name: "up.json" }, JSON.stringify(MANIFEST));
  const { plan } = createFakePlanner(app);
  const inputs: PlanInput[] = [];
  const handle = makeHandler((input) => {
    inputs.push(input);
    return plan(input);
  });
  const request = new HttpRequest({
    method: "POST",
    url: `http://127.0.0.1/api/plan${query}`,
    query: Object.fromEntries(new URLSearchParams(query)),
    ...(body !== "" && { body: { string: body } }),
  });
  return { inputs, answer: await handle(request, app.log) };
}

describe("POST /api/plan", () => {
  it("plans the manifest in the body, by the name that it would have", async () => {
    const { answer } = await post("?name=images/web.json", JSON.stringify(MANIFEST));
    expect(answer).toMatchObject({
      jsonBody: { source: "images/web.json", image: { name: "web" }, verdict: "wait" },
    });
    const unnamed = await post("", JSON.stringify(MANIFEST));
    expect(unnamed.answer).toMatchObject({ jsonBody: { source: "manifest.json" } });
  });

  it("plans an upload that is there", async () => {
    const { answer } = await post("?source=up.json");
    expect(answer).toMatchObject({ jsonBody: { source: "up.json", image: { name: "up" } } });
  });

  it("answers 404 for an upload that is not", async () => {
    const { answer } = await post("?source=nobody.vhd");
    expect(answer).toMatchObject({
      status: 404,
      jsonBody: { detail: 'The upload "nobody.vhd" does not exist.' },
    });
  });

  it("answers 422 as problem+json when the request would fail", async () => {
    const { answer } = await post("", '{ "x": 1 }');
    expect(answer).toMatchObject({
      status: 422,
      headers: { "content-type": "application/problem+json" },
      jsonBody: {
        type: "about:blank",
        title: "Unprocessable Entity",
        status: 422,
        detail: expect.stringContaining("The request would fail: "),
        mistakes: [{ path: "properties" }, { path: "x", line: 1, column: 3 }],
      },
    });
  });

  it.each([
    ["nothing to plan", "", "", "Send a manifest"],
    ["two things to plan", "?source=up.json", "{}", "not both"],
    ["a source that is neither manifest nor disk", "?source=web.txt", "", "neither a manifest"],
    ["a name that no blob can have", "?source=../web.vhd", "", "'source' is not a name"],
    ["a name that a manifest cannot have", "?name=web.vhd", "{}", "must end with .json"],
    ["an unknown parameter", "?sorce=up.json", "", "'sorce'"],
    ["a name that is too long", `?source=${"x".repeat(1_025)}.vhd`, "", "more than 1024"],
  ])("refuses %s", async (_what, query, body, message) => {
    const refused = expect(post(query, body)).rejects;
    await refused.toThrow(BadQueryError);
    await expect(post(query, body)).rejects.toThrow(message);
  });

  it("shows no secret of what is planned", async () => {
    const tags = { note: "?sv=2024&sig=SECRETSECRETSECRET%3D" };
    const { answer } = await post("", JSON.stringify({ ...MANIFEST, tags }));
    expect(answer).toMatchObject({ jsonBody: { outputs: [{ action: "create" }] } });
    expect(JSON.stringify(answer)).not.toContain("SECRETSECRETSECRET");
  });
});
