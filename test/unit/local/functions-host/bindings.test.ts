import { describe, expect, it } from "vitest";
import { parsePathPattern } from "../../../../local/functions-host/blob/path-pattern.ts";
import { readBlobTrigger } from "../../../../local/functions-host/blob/trigger.ts";
import type { Binding } from "../../../../local/functions-host/core-types.ts";
import { classifyFunctions } from "../../../../local/functions-host/functions.ts";
import type { HostContext } from "../../../../local/functions-host/host-context.ts";
import { compileRoute } from "../../../../local/functions-host/http/route.ts";
import { createBackoff } from "../../../../local/functions-host/queue/backoff.ts";
import { resolveConnection, resolveSettings } from "../../../../local/functions-host/settings.ts";
import { createStorageAccounts } from "../../../../local/functions-host/storage.ts";

describe("a route template", () => {
  it.each([
    ["status/{id}", "/status/a%20b", { id: "a b" }],
    ["status/{id?}", "/status", {}],
    ["status/{id:int?}", "/STATUS/5/", { id: "5" }],
    ["page/{n=1}", "/page", { n: "1" }],
    ["files/{*path}", "/files/a/b.txt", { path: "a/b.txt" }],
    ["v{major}.{minor}/x", "/v1.2/x", { major: "1", minor: "2" }],
    ["a.b/c", "/a.b/c", {}],
    ["status/{id}", "/status", undefined],
    ["status/{id}", "/status/1/2", undefined],
    ["a.b", "/axb", undefined],
  ])("%s applied to %s", (template, path, values) => {
    expect(compileRoute(template).match(path)).toEqual(values);
  });

  it("with literals is tried before one with parameters, a catch-all last", () => {
    const templates = ["{*all}", "a/{b}", "a/b", "a/x{b}"];
    const ordered = templates
      .map(compileRoute)
      .sort((x, y) => (x.precedence < y.precedence ? -1 : 1));
    expect(ordered.map(({ template }) => template)).toEqual(["a/b", "a/x{b}", "a/{b}", "{*all}"]);
  });
});

describe("a blob path", () => {
  it.each([
    ["c/{name}", "a/b.txt", { name: "a/b.txt" }],
    ["c/{name}.{ext}", "a.b.vhd", { name: "a.b", ext: "vhd" }],
    ["c/in/{name}", "out/x", undefined],
    ["c/exact+name", "exact+name", {}],
    ["c", "anything", {}],
  ])("%s matches %s", (path, blob, tokens) => {
    expect(parsePathPattern(path).match(blob)).toEqual(tokens);
  });

  it("with an expression for the container is refused", () => {
    expect(() => parsePathPattern("{any}/{name}")).toThrow("fixed name of a container");
  });
});

describe("settings in bindings", () => {
  it("are filled in, and missing ones are named", () => {
    expect(resolveSettings("%A%-%B%", { A: "1", B: "2" })).toBe("1-2");
    expect(() => resolveSettings("%A%", {})).toThrow("set the app setting A");
  });

  it("name connections, with the AzureWebJobs prefix first", () => {
    const settings = { Data: "plain", AzureWebJobsData: "prefixed", Other__blobServiceUri: "x" };
    expect(resolveConnection("Data", settings, "host")).toBe("prefixed");
    expect(resolveConnection("AzureWebJobsStorage", settings, "host")).toBe("host");
    expect(() => resolveConnection("Other", settings, "host")).toThrow("identity-based");
    expect(() => resolveConnection("None", settings, "host")).toThrow("set the app setting None");
  });
});

describe("functions", () => {
  const register = (name: string, bindings: Record<string, Binding>) => ({
    metadata: { name, bindings },
    callback: () => undefined,
  });
  const http: Binding = { type: "httpTrigger", direction: "in" };

  it("with bindings that are not imitated are all refused at once", () => {
    const list = [
      register("a", { req: http, doc: { type: "cosmosDB", direction: "in" } }),
      register("b", { req: http, $return: { type: "blob", direction: "out" } }),
      register("c", { hub: { type: "eventHubTrigger", direction: "in" } }),
    ];
    expect(() => classifyFunctions(list)).toThrow(
      /a has cosmosDB \(in\) 'doc'.*b has blob \(out\).*c has eventHubTrigger \(in\)/,
    );
  });

  it.each([
    ["no other binding", {}, true],
    ["a plain queue output", { out: { type: "queue", direction: "out", queueName: "q" } }, true],
    ["an expression", { out: { type: "queue", direction: "out", queueName: "{name}" } }, false],
  ] satisfies [string, Record<string, Binding>, boolean][])(
    "with a deferred blob trigger and %s beside it: deferred is kept",
    (_, others, deferred) => {
      const trigger: Binding = {
        type: "blobTrigger",
        direction: "in",
        path: "c/{name}",
        properties: { supportsDeferredBinding: "true" },
      };
      const [target] = classifyFunctions([register("f", { blob: trigger, ...others })]);
      const context = {
        settings: {},
        hostStorage: "UseDevelopmentStorage=true",
        accounts: createStorageAccounts(),
      } as unknown as HostContext;
      expect(target && readBlobTrigger(target, context).deferred).toBe(deferred);
    },
  );
});

describe("the pauses of an empty queue", () => {
  it("grow from 100 ms to the limit and start over", () => {
    const backoff = createBackoff(1000, () => 0.5);
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([100, 200, 400, 800, 1000, 1000]);
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });
});
