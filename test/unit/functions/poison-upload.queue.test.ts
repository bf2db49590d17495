import { describe, expect, it } from "vitest";
import { makeHandler } from "../../../functions/poison-upload.queue.ts";
import { createFakeApp } from "../../fakes/app.ts";
import { makePoisonDelivery } from "./invocation.ts";

const MESSAGE = {
  Type: "BlobTrigger",
  FunctionId: "Host.Functions.ingest",
  BlobType: "BlockBlob",
  ContainerName: "uploads",
  BlobName: "web.json",
  ETag: '"0x1"',
};

/** An app whose container has the blob that the message is about. */
function createAppWithUpload() {
  const app = createFakeApp();
  app.blobs.putText({ container: "uploads", name: "web.json" }, "{}");
  return app;
}

describe("the poison-upload handler", () => {
  it("ends the request of an upload by the host's own message about it", async () => {
    const app = createAppWithUpload();
    await makeHandler(app.context)(MESSAGE, makePoisonDelivery().invocation);
    expect(app.recordOf("web.json").error?.code).toBe("UploadEventFailed");
  });

  it("logs and counts a message at its first delivery, also one that cannot be read", async () => {
    const app = createAppWithUpload();
    const first = makePoisonDelivery(1);
    const handle = makeHandler(app.context);
    await handle(MESSAGE, first.invocation);
    await handle(MESSAGE, makePoisonDelivery(2).invocation);
    await expect(handle("text", first.invocation)).rejects.toThrow();
    expect(app.telemetry.labelsOf("vhd_to_image.poisoned")).toEqual([
      { queue: "upload" },
      { queue: "upload" },
    ]);
    expect(first.eventsNamed("poison.message")).toEqual([
      { event: "poison.message", queue: "upload", about: "web.json" },
      { event: "poison.message", queue: "upload", about: null },
    ]);
  });

  it.each([["text"], [17], [null], [{}], [{ ContainerName: "uploads", BlobName: "" }]])(
    "refuses %j, so that the host keeps it",
    async (message) => {
      const handle = makeHandler(createFakeApp().context);
      await expect(handle(message, makePoisonDelivery().invocation)).rejects.toThrow();
    },
  );
});
