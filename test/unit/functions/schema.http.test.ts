import { expect, it } from "vitest";
import { makeHandler } from "../../../functions/schema.http.ts";
import { manifestJsonSchema } from "../../../shared/manifest/schema.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { makeRequest } from "./invocation.ts";

it("GET /api/schema/manifest gives the JSON Schema of manifests", async () => {
  expect(await makeHandler()(makeRequest("schema/manifest"), createFakeLog())).toEqual({
    headers: { "content-type": "application/schema+json" },
    jsonBody: manifestJsonSchema(),
  });
});
