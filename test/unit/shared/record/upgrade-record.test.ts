import { describe, expect, it } from "vitest";
import { fromProperties } from "../../../../shared/azure/storage/record-entity.ts";
import { advance } from "../../../../shared/flow/advance.ts";
import { parseRecord, type RequestRecord } from "../../../../shared/record/record.ts";
import type { RequestState } from "../../../../shared/record/states.ts";
import { makeOutput } from "../../../factories.ts";
import { createFakeApp, type FakeApp } from "../../../fakes/app.ts";

const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };

/** The JSON of a record as schema version 1 had it: one image, its operation in the record itself. */
function downgrade({ outputs, ...record }: RequestRecord): Record<string, unknown> {
  return { ...record, schemaVersion: 1, operation: outputs[0]?.operation ?? null };
}

async function openUntil(state: RequestState): Promise<FakeApp> {
  const app = createFakeApp();
  await app.uploadVhd("os.vhd");
  await app.uploadManifest("web.json", { properties: { storageProfile: { osDisk } } });
  await app.run(() => app.recordOf("web.json").state === state);
  return app;
}

describe("a record of schema version 1", () => {
  it.each(["received", "waiting", "submitting", "creating", "succeeded"] as const)(
    "that is %s is read as one with a managed image, and goes on to the end",
    async (state) => {
      const app = await openUntil(state);
      const { requestId } = app.recordOf("web.json");
      const stored = await app.records.get(requestId);
      if (stored === null) throw new Error("the request is lost");
      const upgraded = parseRecord(downgrade(stored.record));
      expect(upgraded.schemaVersion).toBe(2);
      expect(upgraded.outputs.map(({ kind }) => kind)).toEqual(
        state === "received" ? [] : ["managedImage"],
      );
      // Before there were outputs there were no notes of who made an image either.
      app.records.getNote = async () => null;
      await app.records.save(upgraded, stored);
      await advance({ requestId }, app.context);
      await app.run();
      expect(app.recordOf("web.json")).toMatchObject({
        state: "succeeded",
        outputs: [{ kind: "managedImage", state: "succeeded", id: app.images.puts[0]?.id }],
      });
      expect(app.images.puts).toHaveLength(1);
    },
  );

  it("gets its operation's URL from the property that version 1 kept it in", async () => {
    const app = await openUntil("creating");
    const record = app.recordOf("web.json");
    const operation = { url: null, submittedAt: record.createdAt };
    const json = { ...downgrade(record), operation, retries: 3 };
    const row = { json0: JSON.stringify(json), chunks: 1, operationUrl: "https://arm.test/1?s=x" };
    expect(fromProperties(row).outputs).toEqual([
      makeOutput({
        state: "creating",
        operation: { ...operation, url: "https://arm.test/1?s=x" },
        retries: 3,
        endedAt: null,
      }),
    ]);
  });

  it("that has failed keeps its error, and its image has failed with it", async () => {
    const app = await openUntil("creating");
    app.images.nextPolls.push({ status: "canceled" });
    await app.run();
    const upgraded = parseRecord(downgrade(app.recordOf("web.json")));
    expect(upgraded.outputs).toMatchObject([{ state: "canceled", error: null }]);
  });
});
