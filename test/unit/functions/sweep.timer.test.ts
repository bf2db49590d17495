import type { Timer } from "@azure/functions";
import { expect, it } from "vitest";
import { makeHandler } from "../../../functions/sweep.timer.ts";
import { CONTAINER, createFakeApp } from "../../fakes/app.ts";
import { makeInvocation } from "./invocation.ts";

const timer: Timer = {
  isPastDue: false,
  schedule: { adjustForDST: true },
  scheduleStatus: { last: "", next: "", lastUpdated: "" },
};

it("the sweep function opens requests for uploads without an event, and logs what it found", async () => {
  const app = createFakeApp();
  app.blobs.putText({ container: CONTAINER, name: "web.json" }, "{}");
  const { invocation, lines } = makeInvocation();

  await makeHandler(app.context)(timer, invocation);

  expect(app.recordOf("web.json").state).toBe("received");
  expect(lines.map(([, text]) => JSON.parse(text))).toContainEqual({
    event: "sweep.done",
    overdue: 0,
    uploads: 1,
  });
});
