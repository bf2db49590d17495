import { expect, it } from "vitest";
import { makeHandler } from "../../../functions/wrong-settings.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { makeRequest } from "./invocation.ts";

it("GET /api/health answers 503 with every wrong setting by its name", async () => {
  const mistakes = [
    { setting: "SETTLE_SECONDS", problem: "must be a number, at least 0" },
    { setting: "ALLOWED_REGIONS", problem: "item 2 must be a region" },
  ];

  expect(await makeHandler(mistakes)(makeRequest("health"), createFakeLog())).toEqual({
    status: 503,
    jsonBody: {
      status: "unhealthy",
      settings: [
        { name: "SETTLE_SECONDS", problem: "must be a number, at least 0" },
        { name: "ALLOWED_REGIONS", problem: "item 2 must be a region" },
      ],
      dependencies: [],
    },
  });
});
