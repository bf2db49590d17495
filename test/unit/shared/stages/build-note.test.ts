import { describe, expect, it } from "vitest";
import { toImageBody } from "../../../../shared/image/image-body.ts";
import { imageId } from "../../../../shared/image/image-request.ts";
import { buildNoteKey } from "../../../../shared/record/build-note.ts";
import type { RequestRecord } from "../../../../shared/record/record.ts";
import { createFakeApp, type FakeApp, SUBSCRIPTION } from "../../../fakes/app.ts";
import { serviceError } from "../../../fakes/image-service.ts";

const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const web = { imageName: "web", properties: { storageProfile: { osDisk } } };
const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/snapshots/s";
const ofSnapshot = {
  imageName: "web",
  properties: {
    storageProfile: { osDisk: { ...osDisk, blobUri: undefined, snapshot: { id: SNAPSHOT } } },
  },
};

/** The image `web`, as the request of a manifest would have it, made by somebody who left no note. */
function makeForeignImage(app: FakeApp, source: string): void {
  const { request } = app.recordOf(source);
  if (request === null) throw new Error("nothing is requested yet");
  const id = imageId(request);
  const body = toImageBody({ ...request, hyperVGeneration: "V1" });
  app.images.existing.set(id.toLowerCase(), { id, provisioningState: "succeeded", body });
}

const messageOf = (record: RequestRecord): string => record.error?.message ?? "";

describe("an image that is there and equals the request", () => {
  it("is not taken for this upload's after 21 refused requests of its name", async () => {
    const groups = ["images-rg", ...Array.from({ length: 21 }, (_, index) => `other-${index}`)];
    const targets = groups.map((group) => `${SUBSCRIPTION}/${group}`);
    const app = createFakeApp({ policy: { targets } });
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("first.json", web);
    await app.run();
    app.clock.advance(1);
    for (let index = 0; index < 21; index++) {
      const location = index % 2 === 0 ? {} : { resourceGroup: `other-${index}` };
      app.images.nextPuts.push(
        ...(index % 2 === 0 ? [] : [serviceError({ status: 400, code: "InvalidParameter" })]),
      );
      await app.uploadManifest(`refused${index}.json`, {
        ...web,
        ...location,
        tags: { n: `${index}` },
      });
      await app.run();
      expect(app.recordOf(`refused${index}.json`).state).toBe("failed");
    }
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("second.json", web);
    await app.run();
    expect(app.recordOf("second.json").error?.code).toBe("ImageExists");
    const { requestId } = app.recordOf("first.json");
    expect(messageOf(app.recordOf("second.json"))).toContain(
      `was built from an earlier upload of os.vhd (request ${requestId})`,
    );
  });

  it("is ImageExists when nobody noted what it was made from", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", web);
    await app.run(() => app.recordOf("web.json").state === "submitting");
    makeForeignImage(app, "web.json");
    await app.run();
    expect(app.recordOf("web.json").error?.code).toBe("ImageExists");
    expect(messageOf(app.recordOf("web.json"))).toContain(
      "upload that it was created from is unknown",
    );
    expect(app.images.puts).toEqual([]);
  });

  it("is ImageExists when somebody made it while this request was being refused", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", web);
    app.images.nextPuts.push(serviceError({ status: 429 }));
    await app.run(() => app.images.nextPuts.length === 0);
    makeForeignImage(app, "web.json");
    await app.run();
    expect(messageOf(app.recordOf("web.json"))).toContain("was created by another client");
  });

  it("is this request's when a PUT without an answer came before one that was refused", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", web);
    const { show } = lateImages(app);
    app.images.nextPuts.push(
      "acceptThenDrop",
      serviceError({ status: 409, code: "Conflict", message: "Another operation is in progress." }),
    );
    await app.run(() => app.images.nextPuts.length === 0);
    show();
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded" });
  });

  it("is followed by a request from before there were notes, whose PUT it came of", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", web);
    app.images.nextPuts.push("acceptThenDrop");
    await app.run(() => app.images.puts.length === 1);
    app.records.getNote = async () => null;
    await app.run();
    expect(app.recordOf("web.json")).toMatchObject({ state: "succeeded" });
    expect(app.images.puts).toHaveLength(1);
  });

  it("is success for the same resources, with a warning that they cannot be compared", async () => {
    const app = createFakeApp();
    await app.uploadManifest("first.json", ofSnapshot);
    await app.run();
    await app.uploadManifest("second.json", ofSnapshot);
    await app.run();
    expect(app.recordOf("first.json").warnings).toEqual([]);
    expect(app.recordOf("second.json")).toMatchObject({
      state: "succeeded",
      warnings: [
        expect.stringMatching(/created the image from \/subscriptions\/.*cannot be checked/),
      ],
    });
  });

  it("is judged by the note alone when the record of its request is not kept any more", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("first.json", web);
    await app.run();
    const { requestId } = app.recordOf("first.json");
    const { get } = app.records;
    app.records.get = async (id) => (id === requestId ? null : get(id));
    await app.uploadManifest("same.json", web);
    await app.run();
    expect(app.recordOf("same.json").state).toBe("succeeded");
    app.clock.advance(1);
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("new.json", web);
    await app.run();
    expect(messageOf(app.recordOf("new.json"))).toContain(`was built from other disks on`);
  });

  it("is not known when the note cannot be read", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("first.json", web);
    await app.run();
    await app.records.putNote(buildNoteKey(app.images.puts[0]?.id ?? ""), "{");
    await app.uploadManifest("second.json", web);
    await app.run();
    expect(messageOf(app.recordOf("second.json"))).toContain(
      "upload that it was created from is unknown",
    );
  });
});

describe("two requests for one image", () => {
  it("are carried out one after the other: the second sees what became of the first", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    app.images.nextPuts.push(serviceError({ status: 503 }));
    await app.uploadManifest("one.json", web);
    await app.run(() => app.images.nextPuts.length === 0);
    await app.uploadManifest("two.json", { ...web, tags: { team: "blue" } });
    await app.run(() => app.recordOf("two.json").error !== null);
    expect(app.recordOf("two.json").error).toMatchObject({
      code: "ImageInWork",
      message: expect.stringContaining(app.recordOf("one.json").requestId),
    });
    await app.run();
    expect(app.recordOf("one.json").state).toBe("succeeded");
    expect(app.recordOf("two.json").error?.code).toBe("ImageExists");
    expect(app.images.puts).toHaveLength(1);
  });

  it("that race for the note send one PUT at a time", async () => {
    const app = createFakeApp();
    await app.uploadVhd("os.vhd");
    await app.uploadManifest("web.json", web);
    const { swapNote } = app.records;
    let lost = 0;
    app.records.swapNote = async (key, from, to) => {
      if (lost++ === 0) return false;
      return swapNote(key, from, to);
    };
    await app.run();
    expect(lost).toBe(2);
    expect(app.images.puts).toHaveLength(1);
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("where the first fails: the second builds the image", async () => {
    const app = createFakeApp({ timing: { createDeadlineSeconds: 120 } });
    await app.uploadVhd("os.vhd");
    app.images.nextPuts.push(...Array.from({ length: 8 }, () => serviceError({ status: 503 })));
    await app.uploadManifest("one.json", web);
    await app.run(() => app.images.nextPuts.length === 7);
    app.clock.advance(60);
    await app.uploadManifest("two.json", web);
    await app.run(() => app.recordOf("one.json").state === "failed");
    app.images.nextPuts.length = 0;
    await app.run();
    expect(app.recordOf("two.json").state).toBe("succeeded");
    expect(app.images.puts).toHaveLength(1);
  });
});

/** The service shows its images only when the test says so: reads may lag behind writes. */
function lateImages(app: FakeApp): { show: () => void } {
  const { find } = app.images;
  app.images.find = async () => null;
  return {
    show: () => {
      app.images.find = find;
    },
  };
}
