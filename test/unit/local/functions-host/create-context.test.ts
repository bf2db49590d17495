import { expect, it } from "vitest";
import type { CoreModule } from "../../../../local/functions-host/core-module.ts";
import { createHostContext } from "../../../../local/functions-host/create-context.ts";
import type { HostConfig } from "../../../../local/functions-host/host-config.ts";

it("a context wakes the listener of a queue by its URL, and nobody for another queue", () => {
  const woken: string[] = [];
  const listener = { wake: () => void woken.push("jobs"), stop: async () => {} };
  const context = createHostContext(
    { appDirectory: "/app", settings: {}, hostStorage: "UseDevelopmentStorage=true" },
    {} as HostConfig,
    {} as CoreModule,
    () => {},
    (url) => (url === "http://127.0.0.1/account/jobs" ? listener : undefined),
  );
  context.wakeListener("http://127.0.0.1/account/others");
  expect(woken).toEqual([]);
  context.wakeListener("http://127.0.0.1/account/jobs");
  expect(woken).toEqual(["jobs"]);
});
