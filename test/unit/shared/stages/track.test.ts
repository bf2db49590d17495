import { describe, expect, it } from "vitest";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";
import { serviceError } from "../../../fakes/image-service.ts";

const OS_BLOB = { container: "uploads", name: "os.vhd" };
const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };

/** A request of one blob whose PUT was just accepted. */
async function creating(options?: Parameters<typeof createFakeApp>[0]): Promise<FakeApp> {
  const app = createFakeApp(options);
  await app.uploadVhd("os.vhd");
  await app.uploadManifest("web.json", { properties: { storageProfile: { osDisk } } });
  await app.run(() => app.recordOf("web.json").state === "creating");
  return app;
}

describe("track", () => {
  it("asks for the operation once per step until it is over", async () => {
    const app = await creating();
    const running = { status: "running", retryAfterSeconds: null } as const;
    app.images.nextPolls.push(running, running, running);
    await app.run();
    expect(app.images.polls).toHaveLength(4);
    expect(app.recordOf("web.json")).toMatchObject({
      state: "succeeded",
      image: { id: app.images.puts[0]?.id },
    });
  });

  it("waits between polls as long as the service asks", async () => {
    const app = await creating();
    const before = app.clock.now().getTime();
    app.images.nextPolls.push({ status: "running", retryAfterSeconds: 240 });
    await app.run();
    expect(app.clock.now().getTime() - before).toBe((5 + 240) * 1000);
  });

  it("polls a long operation less and less often, once a minute at least", async () => {
    const app = await creating();
    const start = app.clock.now().getTime();
    app.images.nextPolls.push(
      ...Array.from(
        { length: 40 },
        () => ({ status: "running", retryAfterSeconds: null }) as const,
      ),
    );
    await app.run();
    const seconds = (app.clock.now().getTime() - start) / 1000;
    expect(seconds).toBeGreaterThan(1000);
    expect(seconds).toBeLessThan(41 * 60);
  });

  it("reports the error of a failed operation", async () => {
    const app = await creating();
    const { parts } = serviceError({
      status: 200,
      code: "InvalidVhd",
      message: "bad footer",
      target: "disks",
    });
    app.images.nextPolls.push({ status: "failed", error: parts });
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: {
        code: "InvalidVhd",
        message: "bad footer",
        target: "disks",
        fix: expect.stringContaining("fixed VHD"),
      },
    });
  });

  it("is canceled with the operation", async () => {
    const app = await creating();
    app.images.nextPolls.push({ status: "canceled" });
    await app.run();
    expect(app.recordOf("web.json").state).toBe("canceled");
  });

  it("asks for the image when the service no longer knows the operation", async () => {
    const app = await creating();
    app.images.nextPolls.push({ status: "gone" });
    await app.runFor(6);
    expect(app.recordOf("web.json")).toMatchObject({
      state: "creating",
      outputs: [{ state: "creating", operation: { url: null } }],
    });
    const [id, image] = [...app.images.existing][0] ?? [];
    if (id && image) app.images.existing.set(id, { ...image, provisioningState: "succeeded" });
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.images.polls).toHaveLength(1);
  });

  it("fails when somebody deletes the image meanwhile", async () => {
    const app = await creating();
    app.images.existing.clear();
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "ImageVanished",
      retryable: true,
    });
  });

  it("fails when the image ends as failed without a word", async () => {
    const app = await creating();
    const [id, image] = [...app.images.existing][0] ?? [];
    if (id && image) app.images.existing.set(id, { ...image, provisioningState: "failed" });
    app.images.nextPolls.push({ status: "gone" });
    await app.run();
    expect(app.recordOf("web.json").error?.code).toBe("ProvisioningFailed");
  });

  it("ends as canceled when the image does, also without the operation's word", async () => {
    const app = await creating();
    const [id, image] = [...app.images.existing][0] ?? [];
    if (id && image) app.images.existing.set(id, { ...image, provisioningState: "canceled" });
    app.images.nextPolls.push({ status: "gone" });
    await app.run();
    expect(app.recordOf("web.json").state).toBe("canceled");
  });

  it("fails when a disk changed while the service read it", async () => {
    const app = await creating();
    app.blobs.writePage({ container: "uploads", name: "os.vhd" });
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: { code: "SourceChangedDuringCreate" },
      image: { id: expect.stringContaining("/images/web") },
    });
  });

  it("succeeds when the disk was deleted after the image was made", async () => {
    const app = await creating();
    app.blobs.remove({ container: "uploads", name: "os.vhd" });
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("survives errors on the way to the operation", async () => {
    const app = await creating();
    app.images.nextPolls.push(
      serviceError({ status: 503 }),
      serviceError({ status: null, code: "ECONNRESET" }),
    );
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", error: null });
  });

  it("has the full patience with a refusal however many polls went before", async () => {
    const app = await creating();
    const running = { status: "running", retryAfterSeconds: null } as const;
    const refused = serviceError({ status: 403, code: "AuthorizationFailed" });
    app.images.nextPolls.push(
      ...Array.from({ length: 9 }, () => running),
      refused,
      refused,
      refused,
      refused,
    );
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", error: null, retries: 0 });
  });

  it("calls a failed operation retryable when its error passes by itself", async () => {
    const app = await creating();
    const { parts } = serviceError({ status: 200, code: "StorageAccountTooBusy" });
    app.images.nextPolls.push({ status: "failed", error: parts });
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "StorageAccountTooBusy",
      retryable: true,
    });
  });

  it("is not a success when the disk was replaced meanwhile", async () => {
    const app = await creating();
    app.blobs.writePage(OS_BLOB);
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "SourceChangedDuringCreate",
      message: expect.stringContaining("os.vhd"),
    });
  });

  it("is not a success when the disk was replaced, and what replaced it was deleted", async () => {
    const app = await creating();
    app.clock.advance(1);
    await app.uploadVhd("os.vhd");
    app.blobs.remove(OS_BLOB);
    await app.run();
    expect(app.recordOf("web.json").error?.code).toBe("SourceChangedDuringCreate");
  });

  it("is success with a warning, in status and event, when the disk is gone", async () => {
    const app = await creating();
    app.blobs.remove(OS_BLOB);
    await app.run();
    const { warnings, events, state } = app.recordOf("web.json");
    const doubt = "os.vhd was deleted while the image was being created";
    expect(state).toBe("succeeded");
    expect(warnings).toEqual([expect.stringContaining(doubt)]);
    expect(events.at(-1)?.message).toContain(doubt);
    expect(app.statusQueue.published.at(-1)?.data).toMatchObject({
      state: "succeeded",
      message: expect.stringContaining(doubt),
    });
  });

  it("is success with a warning when it was not noted what the disk looked like", async () => {
    const app = await creating();
    const stored = await app.records.get(app.recordOf("web.json").requestId);
    if (stored === null) throw new Error("the request is lost");
    const disks = stored.record.disks.map((disk) => ({ ...disk, observed: null }));
    await app.records.save({ ...stored.record, disks }, stored);
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({
      state: "succeeded",
      warnings: [expect.stringContaining("cannot be checked")],
    });
  });

  it("passes on an error that is none of the service's", async () => {
    const app = await creating();
    app.images.poll = async () => Promise.reject(new TypeError("a mistake of ours"));
    await expect(app.run()).rejects.toThrow("a mistake of ours");
  });

  it("ends an operation that never ends", async () => {
    const app = await creating({ timing: { createDeadlineSeconds: 1800 } });
    app.images.nextPolls.push(
      ...Array.from(
        { length: 500 },
        () => ({ status: "running", retryAfterSeconds: null }) as const,
      ),
    );
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "CreateTimedOut",
      message: "The image was not ready before its deadline.",
    });
  });
});
