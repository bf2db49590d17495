import { expect, it } from "vitest";
import { makeGetSchema } from "../../../functions/schema.http.ts";
import { manifestJsonSchema } from "../../../shared/manifest/schema.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { makeRequest } from "./invocation.ts";

it("GET /api/schema/manifest gives the JSON Schema of manifests", async () => {
  expect(await makeGetSchema()(makeRequest("schema/manifest"), createFakeLog())).toEqual({
    headers: { "content-type": "application/schema+json" },
    jsonBody: manifestJsonSchema(),
  });
});
