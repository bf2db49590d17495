import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readHostConfig } from "../../../../local/functions-host/host-config.ts";
import { parseTimeSpan } from "../../../../local/functions-host/time-span.ts";

function read(text: string) {
  const directory = mkdtempSync(join(tmpdir(), "host-config-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "host.json"), text);
  return readHostConfig(directory);
}

describe("host.json", () => {
  it("has the host's defaults, except that local queues are polled every second, or five", () => {
    const cores = availableParallelism();
    expect(read('{"version":"2.0"}')).toEqual({
      routePrefix: "api",
      maxOutstandingRequests: undefined,
      maxConcurrentRequests: undefined,
      functionTimeoutMs: 30 * 60 * 1000,
      queues: {
        batchSize: 16,
        newBatchThreshold: 8 * cores,
        maxDequeueCount: 5,
        visibilityTimeoutMs: 0,
        maxPollingIntervalMs: 1000,
        ownPollingIntervalMs: 5000,
        messageEncoding: "base64",
      },
      blobs: { maxDegreeOfParallelism: 8 * cores, poisonBlobThreshold: 5 },
      logLevels: {},
    });
  });

  it("may have comments, trailing commas, keys the stand-in ignores, and own values", () => {
    const config = read(`{
      // as the real file may
      "version": "2.0",
      "extensionBundle": { "id": "x" },
      "functionTimeout": "-1",
      "extensions": {
        "http": { "routePrefix": "/v1/", "maxOutstandingRequests": -1, "maxConcurrentRequests": 3 },
        "queues": { "maxPollingInterval": "00:00:00.5", "visibilityTimeout": "00:00:10" },
      },
    }`);
    expect(config).toMatchObject({
      routePrefix: "v1",
      maxOutstandingRequests: undefined,
      maxConcurrentRequests: 3,
      functionTimeoutMs: undefined,
      queues: { maxPollingIntervalMs: 500, ownPollingIntervalMs: 500, visibilityTimeoutMs: 10_000 },
    });
  });

  it.each([
    ["{", "host.json:1:2"],
    ["{}", 'version: must be "2.0"'],
    ['{"version":"2.0","functionTimeout":"soon"}', "functionTimeout"],
    ['{"version":"2.0","extensions":{"queues":{"batchSize":33}}}', "extensions.queues.batchSize"],
  ])("%s is refused: %s", (text, reason) => {
    expect(() => read(text)).toThrow(reason);
  });

  it("is needed", () => {
    expect(() => readHostConfig("/nonexistent")).toThrow("cannot be read");
  });
});

describe("a TimeSpan", () => {
  it.each([
    ["00:00:30", 30_000],
    ["1.02:03:04.5", 93_784_500],
    ["10:00", 36_000_000],
    ["2", 172_800_000],
    ["24:00:00", undefined],
    ["-00:00:01", undefined],
    ["soon", undefined],
  ])("%s has %s milliseconds", (text, milliseconds) => {
    expect(parseTimeSpan(text)).toBe(milliseconds);
  });
});
