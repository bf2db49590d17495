import { describe, expect, it } from "vitest";
import {
  makePoisonedUploadHandler,
  makePoisonedWorkHandler,
} from "../../../functions/poison.queue.ts";
import { createFakeApp } from "../../fakes/app.ts";

const sink = { info: () => {}, warn: () => {}, error: () => {} };
const invocation = sink as never;

describe("the poison handlers", () => {
  it("end the request of a poisoned work message", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", "{}");
    const { requestId } = app.recordOf("web.json");
    await makePoisonedWorkHandler(app.context)({ requestId, step: 1 }, invocation);
    expect(app.recordOf("web.json").error?.code).toBe("StepFailed");
  });

  it("end the request of an upload by the host's own message about it", async () => {
    const app = createFakeApp();
    app.blobs.putText({ container: "uploads", name: "web.json" }, "{}");
    const message = {
      Type: "BlobTrigger",
      FunctionId: "Host.Functions.ingest",
      BlobType: "BlockBlob",
      ContainerName: "uploads",
      BlobName: "web.json",
      ETag: '"0x1"',
    };
    await makePoisonedUploadHandler(app.context)(message, invocation);
    expect(app.recordOf("web.json").error?.code).toBe("UploadEventFailed");
  });

  it("log and count a message at its first delivery, also one that cannot be read", async () => {
    const app = createFakeApp();
    await app.uploadManifest("web.json", "{}");
    const { requestId } = app.recordOf("web.json");
    const lines: string[] = [];
    const deliver = (dequeueCount: number) =>
      ({
        ...sink,
        error: (line: string) => lines.push(line),
        triggerMetadata: { dequeueCount },
      }) as never;
    const handle = makePoisonedWorkHandler(app.context);
    await handle({ requestId, step: 1 }, deliver(1));
    await handle({ requestId, step: 1 }, deliver(2));
    await expect(handle("text", deliver(1))).rejects.toThrow();
    await expect(makePoisonedUploadHandler(app.context)("text", deliver(1))).rejects.toThrow();
    expect(app.telemetry.labelsOf("vhd_to_image.poisoned")).toEqual([
      { queue: "work" },
      { queue: "work" },
      { queue: "upload" },
    ]);
    const told = lines
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === "poison.message");
    expect(told).toEqual([
      { event: "poison.message", queue: "work", about: requestId },
      { event: "poison.message", queue: "work", about: null },
      { event: "poison.message", queue: "upload", about: null },
    ]);
  });

  it.each([["text"], [17], [null], [{}], [{ requestId: "" }]])(
    "refuse %j, so that the host keeps it",
    async (message) => {
      const app = createFakeApp();
      await expect(makePoisonedWorkHandler(app.context)(message, invocation)).rejects.toThrow();
      await expect(makePoisonedUploadHandler(app.context)(message, invocation)).rejects.toThrow();
    },
  );
});
