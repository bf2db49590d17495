import { refuseQuery } from "../shared/http/status-query.ts";
import { manifestJsonSchema } from "../shared/manifest/schema.ts";
import type { Answer } from "./http-handler.ts";

/** `GET /api/schema/manifest`: JSON Schema of manifests, for editors. */
export function makeHandler(): Answer {
  return async (request) => {
    refuseQuery(request.query);
    return {
      headers: { "content-type": "application/schema+json" },
      jsonBody: manifestJsonSchema(),
    };
  };
}
