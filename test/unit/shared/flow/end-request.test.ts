import { describe, expect, it } from "vitest";
import { toProperties } from "../../../../shared/azure/storage/record-entity.ts";
import { endRequest } from "../../../../shared/flow/end-request.ts";
import { failPoisonedStep, failPoisonedUpload } from "../../../../shared/flow/poison.ts";
import { stateBefore } from "../../../../shared/record/record.ts";
import {
  isTerminal,
  REQUEST_STATES,
  type RequestState,
  STATES,
} from "../../../../shared/record/states.ts";
import { enter } from "../../../../shared/record/transitions.ts";
import { buildVhd } from "../../../disks/maps/build-block-formats.ts";
import { createFakeApp, type FakeApp, type FakeAppOptions } from "../../../fakes/app.ts";
import { serviceError } from "../../../fakes/image-service.ts";

/** What nobody may find in a row of the table once its request has ended. */
const SECRET = "dGhpc0lzQVNlY3JldFNpZ25hdHVyZVRoYXRJc0xvbmc";
const SIGNED = `https://own.blob.core.windows.net/uploads/os.vhd?sv=2025-11-05&sig=${SECRET}`;
const OPERATION = `https://management.azure.com/operations/1?t=638&c=${SECRET}&s=${SECRET}`;

const OS_BLOB = { container: "uploads", name: "os.vhd" };
const MANIFEST = { container: "uploads", name: "web.json" };
const osDisk = { osType: "Linux", osState: "Generalized", blobUri: "os.vhd" };
const leak = (status: number) =>
  serviceError({ status, code: "Leaky", message: `could not read ${SIGNED}` });

/** A way in which a request can end: what happens to the request of `web.json` in a state. */
interface Way {
  readonly name: string;
  readonly from: RequestState;
  readonly to: RequestState;
  readonly options?: FakeAppOptions;
  readonly end: (app: FakeApp) => Promise<unknown>;
}

const idOf = (app: FakeApp): string => app.recordOf("web.json").requestId;
const later = (app: FakeApp): Promise<void> => app.run();

/** A step that fails with a secret in its error, noted in the record, and that the host gives up. */
async function poison(app: FakeApp): Promise<void> {
  const broken = async () => Promise.reject(new Error(`could not read ${SIGNED}`));
  app.blobs.getProperties = broken;
  app.images.find = broken;
  app.images.poll = broken;
  await expect(app.run()).rejects.toThrow("could not read");
  await failPoisonedStep(idOf(app), app.context);
}

const cancel = (app: FakeApp): Promise<unknown> =>
  endRequest(idOf(app), app.context, (record) =>
    enter(record, "canceled", `canceled; it was ${SIGNED}`, {
      now: app.clock.now(),
      timing: app.context.timing,
    }),
  );

const BY_STAGES: readonly Way[] = [
  {
    name: "a manifest with mistakes",
    from: "received",
    to: "failed",
    end: async (app) => {
      const bad = { properties: { storageProfile: { osDisk: { ...osDisk, osType: SIGNED } } } };
      await app.uploadManifest("web.json", bad);
      await app.run();
    },
  },
  {
    name: "a manifest that was deleted",
    from: "received",
    to: "canceled",
    end: async (app) => {
      app.blobs.remove(MANIFEST);
      await app.run();
    },
  },
  {
    name: "a disk that is not a VHD",
    from: "waiting",
    to: "failed",
    end: async (app) => {
      app.blobs.createPageBlob(OS_BLOB, 4096);
      await app.run();
    },
  },
  {
    name: "a manifest that was deleted while its disks were awaited",
    from: "waiting",
    to: "canceled",
    end: async (app) => {
      app.blobs.remove(MANIFEST);
      await app.run();
    },
  },
  {
    name: "a refusal of the service",
    from: "submitting",
    to: "failed",
    end: async (app) => {
      app.images.nextPuts.push(leak(400));
      await app.run();
    },
  },
  {
    name: "an operation that fails",
    from: "creating",
    to: "failed",
    end: async (app) => {
      app.images.nextPolls.push({ status: "failed", error: leak(200).parts });
      await app.run();
    },
  },
  {
    name: "an operation that is canceled",
    from: "creating",
    to: "canceled",
    end: async (app) => {
      app.images.nextPolls.push({ status: "canceled" });
      await app.run();
    },
  },
  {
    name: "an operation that succeeds after a leak",
    from: "creating",
    to: "succeeded",
    end: async (app) => {
      app.images.nextPolls.push(leak(503));
      await app.run();
    },
  },
  {
    name: "an image that this upload built before",
    from: "submitting",
    to: "succeeded",
    end: async (app) => {
      await app.run();
      app.clock.advance(1);
      await app.uploadManifest("web.json", { properties: { storageProfile: { osDisk } } });
      await app.run();
    },
  },
];

const BY_DEADLINE: readonly Way[] = [
  {
    name: "the deadline, of disks that do not come",
    from: "waiting",
    to: "failed",
    end: async (app) => {
      app.blobs.remove(OS_BLOB);
      await app.run();
    },
  },
  {
    name: "the deadline, of a disk that is not converted in time",
    from: "converting",
    to: "failed",
    options: { timing: { convertDeadlineSeconds: 60 } },
    end: async (app) => {
      app.targets.onCall = () => "busy";
      await app.run();
    },
  },
  {
    name: "the deadline, of a service that fails",
    from: "submitting",
    to: "failed",
    options: { timing: { createDeadlineSeconds: 60 } },
    end: async (app) => {
      app.images.nextPuts.push(...Array.from({ length: 50 }, () => leak(503)));
      await app.run();
    },
  },
  {
    name: "the deadline, of an operation that does not end",
    from: "creating",
    to: "failed",
    options: { timing: { createDeadlineSeconds: 60 } },
    end: async (app) => {
      app.images.nextPolls.push(...Array.from({ length: 50 }, () => leak(503)));
      await app.run();
    },
  },
];

const OPEN_STATES = REQUEST_STATES.filter((state) => !isTerminal(state));
const FROM_OUTSIDE: readonly Way[] = OPEN_STATES.flatMap((from) => [
  { name: "poison", from, to: "failed", end: poison },
  ...(STATES[from].next.includes("canceled")
    ? [{ name: "a cancellation", from, to: "canceled", end: cancel } as const]
    : []),
]);

const POISONED_UPLOAD: Way = {
  name: "an upload event that the host gave up",
  from: "received",
  to: "failed",
  end: async (app) => failPoisonedUpload(MANIFEST, app.context),
};

const WAYS = [...BY_STAGES, ...BY_DEADLINE, ...FROM_OUTSIDE, POISONED_UPLOAD];

/** The request of `web.json` in the state from which it is to end, and every row saved for it. */
async function openUntil({ from, options }: Way): Promise<{ app: FakeApp; rows: RowSet }> {
  const app = createFakeApp(options);
  const rows = recordRows(app);
  const { create } = app.images;
  app.images.create = async (request) => {
    await create(request);
    return { operationUrl: OPERATION };
  };
  if (from === "converting") {
    app.blobs.putBytes(OS_BLOB, buildVhd({ slots: ["data", "none", "data"], order: [], cut: 0 }));
    await app.event("os.vhd");
  } else await app.uploadVhd("os.vhd");
  await app.uploadManifest("web.json", { properties: { storageProfile: { osDisk } } });
  await app.run(() => app.recordOf("web.json").state === from);
  return { app, rows };
}

type RowSet = readonly Record<string, string | number>[];

/** Every row of the table as it is written. */
function recordRows(app: FakeApp): RowSet {
  const rows: Record<string, string | number>[] = [];
  const { create, save } = app.records;
  app.records.create = async (record) => {
    rows.push(toProperties(record));
    return create(record);
  };
  app.records.save = async (record, base) => {
    rows.push(toProperties(record));
    return save(record, base);
  };
  return rows;
}

describe("every way in which a request can end", () => {
  it.each(WAYS)("$from → $to by $name: leaves no secret in the table", async (way) => {
    const { app, rows } = await openUntil(way);
    await way.end(app);
    const record = app.recordOf("web.json");
    const end = record.events.at(-1);
    expect(end?.state).toBe(way.to);
    expect(end && stateBefore(record, end)).toBe(way.from);
    // While an operation runs its URL is kept, in the one property that is for it.
    const texts = rows.map(({ operationUrl0: _, ...others }) => JSON.stringify(others));
    expect(texts.filter((text) => text.includes(SECRET))).toEqual([]);
    for (const ended of app.records.all().filter(({ state }) => isTerminal(state))) {
      const row = toProperties(ended);
      expect(row).not.toHaveProperty("operationUrl0");
      expect(JSON.stringify(row)).not.toContain(SECRET);
      expect(ended).toMatchObject({ claimedUntil: null, deadlineAt: null });
    }
    expect(JSON.stringify(app.statusQueue.published)).not.toContain(SECRET);
  });

  it("is walked: each transition to a terminal state that the table has", () => {
    const walked = new Set(WAYS.map(({ from, to }) => `${from} → ${to}`));
    const all = OPEN_STATES.flatMap((from) =>
      STATES[from].next.filter(isTerminal).map((to) => `${from} → ${to}`),
    );
    expect(all.filter((way) => !walked.has(way))).toEqual([]);
  });
});

describe("endRequest", () => {
  it("leaves an unknown request alone, one that has ended, and one that is to go on", async () => {
    const { app } = await openUntil({ ...POISONED_UPLOAD, from: "waiting" });
    expect(await endRequest("nobody", app.context, () => null)).toBeNull();
    expect(await endRequest(idOf(app), app.context, () => null)).toBeNull();
    await later(app);
    expect(await cancel(app)).toBeNull();
    expect(app.recordOf("web.json").state).toBe("succeeded");
  });

  it("decides again on what somebody else saved meanwhile", async () => {
    const { app } = await openUntil({ ...POISONED_UPLOAD, from: "waiting" });
    app.records.loseRaces(2);
    let asked = 0;
    const { events } = app.recordOf("web.json");
    const ended = await endRequest(idOf(app), app.context, (record) => {
      asked += 1;
      return enter(record, "canceled", "canceled", {
        now: app.clock.now(),
        timing: app.context.timing,
      });
    });
    expect(asked).toBe(3);
    expect(ended).toMatchObject({ state: "canceled", dueAt: null, announced: events.length + 1 });
  });

  it("refuses an end that is not one", async () => {
    const { app } = await openUntil({ ...POISONED_UPLOAD, from: "waiting" });
    const end = endRequest(idOf(app), app.context, (record) => record);
    await expect(end).rejects.toThrow("would be left open in the state waiting");
  });
});
