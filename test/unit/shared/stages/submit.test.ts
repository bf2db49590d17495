import { describe, expect, it } from "vitest";
import type { ServiceErrorParts } from "../../../../shared/errors.ts";
import { createFakeApp, type FakeApp, SUBSCRIPTION } from "../../../fakes/app.ts";
import { type FakeImage, serviceError } from "../../../fakes/image-service.ts";

const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s";
const fromSnapshot = {
  properties: {
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", snapshot: { id: SNAPSHOT } },
    },
  },
};
const fromBlob = {
  properties: {
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" } },
  },
};
const IMAGE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/images-rg/providers/Microsoft.Compute/images/web`;

async function withManifest(app: FakeApp, manifest: unknown = fromSnapshot): Promise<FakeApp> {
  await app.uploadManifest("web.json", manifest);
  return app;
}

/** Sets how the service stands with the image. */
function setState(app: FakeApp, provisioningState: FakeImage["provisioningState"]): void {
  const image = app.images.existing.get(IMAGE_ID.toLowerCase());
  if (image === undefined) throw new Error("there is no image yet");
  app.images.existing.set(IMAGE_ID.toLowerCase(), { ...image, provisioningState });
}

const noControl = { claim: async () => Promise.reject(new Error("nothing to claim")) };

describe("submit", () => {
  it("sends one PUT with the whole body and tracks its operation", async () => {
    const app = await withManifest(createFakeApp());
    await app.run(() => app.recordOf("web.json").state === "creating");
    expect(app.images.puts).toEqual([
      {
        id: IMAGE_ID,
        body: {
          location: "westeurope",
          properties: {
            hyperVGeneration: "V1",
            storageProfile: {
              osDisk: {
                osType: "Linux",
                osState: "Generalized",
                snapshot: { id: SNAPSHOT.replace("{subscriptionId}", SUBSCRIPTION) },
              },
            },
          },
        },
      },
    ]);
    expect(app.recordOf("web.json").outputs[0]?.operation).toEqual({
      url: "https://arm.test/operations/1",
      submittedAt: app.clock.now().toISOString(),
    });
  });

  it("does not send a second PUT when the process dies after the first", async () => {
    const app = await withManifest(createFakeApp());
    app.images.nextPuts.push("acceptThenDrop");
    await app.run();
    expect(app.images.puts).toHaveLength(1);
    expect(app.images.polls).toEqual([]);
  });

  it("goes on with the image when the operation's URL was lost", async () => {
    const app = await withManifest(createFakeApp());
    app.images.nextPuts.push("acceptThenDrop");
    await app.run(() => app.recordOf("web.json").state === "creating");
    const image = app.images.existing.get(IMAGE_ID.toLowerCase());
    if (image)
      app.images.existing.set(IMAGE_ID.toLowerCase(), { ...image, provisioningState: "succeeded" });
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", image: { id: IMAGE_ID } });
  });

  it("does not ask again when what its lost PUT began has failed meanwhile", async () => {
    const app = await withManifest(createFakeApp());
    app.images.nextPuts.push("acceptThenDrop");
    await app.run(() => app.images.puts.length === 1);
    setState(app, "failed");
    await app.run();
    expect(app.images.puts).toHaveLength(1);
    expect(app.recordOf("web.json").error?.code).toBe("ProvisioningFailed");
  });

  it("does not report an image whose disk changed after a PUT without an answer", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await withManifest(app, fromBlob);
    app.images.nextPuts.push("acceptThenDrop");
    await app.run(() => app.images.puts.length === 1);
    app.blobs.writePage({ container: "uploads", name: "os.vhd" });
    await app.run();
    expect(app.images.puts).toHaveLength(1);
    expect(app.recordOf("web.json").error?.code).toBe("SourceChangedDuringCreate");
  });

  it.each([
    ["asks again after a PUT that was refused", serviceError({ status: 429 }), 1],
    ["takes it for the outcome of a PUT without an answer", serviceError({ status: null }), 0],
  ])("finds an image that has failed: %s", async (_, error, puts) => {
    const app = await withManifest(createFakeApp());
    await app.run();
    setState(app, "failed");
    app.images.puts.length = 0;
    await withManifest(app);
    app.images.nextPuts.push(error);
    await app.run();
    expect(app.images.puts).toHaveLength(puts);
  });

  it("does not take somebody else's image for the outcome of a PUT that never arrived", async () => {
    const app = await withManifest(createFakeApp());
    app.images.nextPuts.push(serviceError({ status: null }));
    await app.run(() => app.images.nextPuts.length === 0);
    const body = { location: "eastus" };
    const image = { id: IMAGE_ID, provisioningState: "succeeded", body } as const;
    app.images.existing.set(IMAGE_ID.toLowerCase(), image);
    await app.run();
    expect(app.recordOf("web.json").error?.code).toBe("ImageExists");
  });

  it("takes an image that equals the request for success", async () => {
    const app = await withManifest(createFakeApp());
    await app.run();
    await withManifest(app);
    await app.run();
    expect(app.images.puts).toHaveLength(1);
    expect(app.recordOf("web.json").events.at(-1)?.message).toBe(
      "the image already exists and matches the request",
    );
  });

  it("fails for an image that differs, and says in what", async () => {
    const app = await withManifest(createFakeApp());
    await app.run();
    await withManifest(app, { ...fromSnapshot, tags: { team: "blue" } });
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "ImageExists",
      message: `The image ${IMAGE_ID} exists and differs from the request in tags.team.`,
      target: IMAGE_ID,
    });
  });

  it("does not take an image of an earlier upload for one of the new", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await withManifest(app, fromBlob);
    await app.run();
    app.clock.advance(60);
    await app.uploadVhd("os.vhd");
    await withManifest(app, fromBlob);
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "ImageExists",
      message: expect.stringContaining("was built from an earlier upload of os.vhd"),
    });
  });

  it("takes an image of the same upload for success, also when the manifest is new", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await withManifest(app, fromBlob);
    await app.run();
    await withManifest(app, fromBlob);
    await app.run();
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(app.images.puts).toHaveLength(1);
  });

  it("asks again for an image that the service failed to make", async () => {
    const app = await withManifest(createFakeApp());
    app.images.existing.set(IMAGE_ID.toLowerCase(), {
      id: IMAGE_ID,
      provisioningState: "failed",
      body: {},
    });
    await app.run();
    expect(app.images.puts).toHaveLength(1);
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("waits again for a disk that changed, or went, between its check and the request", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await withManifest(app, fromBlob);
    await app.run(() => app.recordOf("web.json").state === "submitting");
    app.blobs.writePage({ container: "uploads", name: "os.vhd" });
    await app.run(() => app.recordOf("web.json").state === "waiting");
    expect(app.recordOf("web.json").events.at(-1)?.message).toBe(
      "os.vhd changed after it had been checked",
    );
    await app.run(() => app.recordOf("web.json").state === "submitting");
    app.blobs.remove({ container: "uploads", name: "os.vhd" });
    await app.run(() => app.recordOf("web.json").state === "waiting");
    expect(app.images.puts).toEqual([]);
  });

  it.each<[string, Partial<ServiceErrorParts>]>([
    ["400", { status: 400, code: "InvalidParameter", message: "no" }],
    ["404", { status: 404, code: "ResourceGroupNotFound", message: "no" }],
    [
      "409 of a state that will not change",
      { status: 409, code: "OperationNotAllowed", message: "not generalized" },
    ],
  ])("fails at once with %s", async (_what, parts) => {
    const app = await withManifest(createFakeApp());
    app.images.nextPuts.push(serviceError(parts));
    await app.run(() => app.recordOf("web.json").state === "failed");
    expect(app.recordOf("web.json")).toMatchObject({
      state: "failed",
      error: { code: parts.code, retryable: false },
    });
    expect(app.clock.now().toISOString()).toBe("2026-03-01T12:00:00.000Z");
  });

  it("fails on 403 after spaced tries over ten minutes", async () => {
    const app = await withManifest(createFakeApp());
    const forbidden = serviceError({ status: 403, code: "AuthorizationFailed" });
    app.images.nextPuts.push(...Array.from({ length: 9 }, () => forbidden));
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "AuthorizationFailed",
      retryable: true,
    });
    expect(app.images.nextPuts).toHaveLength(2);
    expect(
      (app.clock.now().getTime() - Date.parse("2026-03-01T12:00:00Z")) / 1000,
    ).toBeGreaterThanOrEqual(600);
  });

  it("succeeds when a role takes ten minutes to take effect", async () => {
    const app = await withManifest(createFakeApp());
    const forbidden = serviceError({ status: 403, code: "AuthorizationFailed" });
    app.images.nextPuts.push(...Array.from({ length: 6 }, () => forbidden));
    await app.run(() => app.recordOf("web.json").state === "succeeded");
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", error: null });
    expect(app.clock.now() >= new Date("2026-03-01T12:10:00Z")).toBe(true);
  });

  it("succeeds when a role reaches the service late", async () => {
    const app = await withManifest(createFakeApp());
    app.images.nextGets.push(serviceError({ status: 403, code: "AuthorizationFailed" }));
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded", error: null });
  });

  it.each([2, 1200])(
    "waits the %i seconds that a throttle asks for, in the queue",
    async (retryAfterSeconds) => {
      const app = await withManifest(createFakeApp());
      app.images.nextPuts.push(
        serviceError({ status: 429, code: "TooManyRequests", retryAfterSeconds }),
      );
      await app.run(() => app.log.lines.some(({ event }) => event === "request.service.retry"));
      const { step } = app.recordOf("web.json");
      const next = app.workQueue.pending.find(({ message }) => message.step === step);
      const visibleAt = next?.visibleAt ?? new Date(0);
      const delay = (visibleAt.getTime() - app.clock.now().getTime()) / 1000;
      expect(delay).toBeGreaterThanOrEqual(Math.max(retryAfterSeconds, 10));
      expect(delay).toBeLessThanOrEqual(Math.max(retryAfterSeconds, 10) * 1.2 + 1);
      await app.run();
      expect(app.recordOf("web.json").state).toBe("succeeded");
    },
  );

  it("survives four internal errors and a dropped connection, with growing delays", async () => {
    const app = await withManifest(createFakeApp());
    app.images.nextPuts.push(
      ...Array.from({ length: 4 }, () => serviceError({ status: 500 })),
      serviceError({ status: null, code: "ECONNRESET" }),
    );
    await app.run();
    const delays = app.log.lines.flatMap(({ event, fields }) =>
      event === "request.service.retry" ? [Number(fields.delaySeconds)] : [],
    );
    expect(app.recordOf("web.json").state).toBe("succeeded");
    expect(delays).toHaveLength(5);
    expect([...delays].sort((a, b) => a - b)).toEqual(delays);
  });

  it("ends after CREATE_DEADLINE_HOURS with the last answer of the service", async () => {
    const app = await withManifest(createFakeApp({ timing: { createDeadlineSeconds: 3600 } }));
    app.images.nextPuts.push(
      ...Array.from({ length: 100 }, () =>
        serviceError({ status: 503, code: "Busy", message: "later" }),
      ),
    );
    await app.run();
    expect(app.recordOf("web.json").error).toMatchObject({
      code: "CreateTimedOut",
      message: expect.stringContaining("Busy: later"),
    });
  });

  it("passes on an error that is none of the service's", async () => {
    const app = await withManifest(createFakeApp());
    app.images.find = async () => Promise.reject(new TypeError("a mistake of ours"));
    await expect(app.run()).rejects.toThrow("a mistake of ours");
  });

  it("refuses a record without a request", async () => {
    const { makeOutputs } = await import("../../../../shared/stages/make-outputs.ts");
    const app = await withManifest(createFakeApp());
    await expect(makeOutputs(app.recordOf("web.json"), app.context, noControl)).rejects.toThrow(
      "has nothing to make",
    );
  });
});
