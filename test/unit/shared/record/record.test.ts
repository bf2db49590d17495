import { describe, expect, it } from "vitest";
import { requestRecordSchema, stateBefore, unannounced } from "../../../../shared/record/record.ts";
import {
  makeDisk,
  makeEvent,
  makeImageRequest,
  makeOutput,
  makeRecord,
  NOW,
} from "../../../factories.ts";

const received = makeEvent();
const waiting = makeEvent({ sequence: 2, state: "waiting" });
const failed = makeEvent({ sequence: 3, state: "failed" });
const events = [received, waiting, failed];

describe("unannounced", () => {
  it("is what follows the last announced event", () => {
    expect(unannounced(makeRecord({ events, announced: 0 }))).toEqual(events);
    expect(unannounced(makeRecord({ events, announced: 1 }))).toEqual([waiting, failed]);
    expect(unannounced(makeRecord({ events, announced: 3 }))).toEqual([]);
  });
});

describe("stateBefore", () => {
  it("is the state of the event before, null for the first", () => {
    const record = makeRecord({ events });

    expect(stateBefore(record, failed)).toBe("waiting");
    expect(stateBefore(record, received)).toBeNull();
  });
});

describe("requestRecordSchema", () => {
  it("reads records of versions that did not look at disks, and only warns by what is on them", () => {
    const { inspect: _, decided: __, warnings: ___, ...rest } = makeRecord({ disks: [makeDisk()] });
    const disks = rest.disks.map(({ inspection: ____, warnings: _____, ...disk }) => disk);

    expect(requestRecordSchema.parse({ ...rest, disks })).toEqual(
      makeRecord({ disks: [makeDisk()], inspect: "warn" }),
    );
  });

  it("reads back what was written as JSON", () => {
    const record = makeRecord({
      state: "failed",
      image: {
        name: "web",
        resourceGroup: null,
        subscriptionId: null,
        location: null,
        id: null,
      },
      request: makeImageRequest(),
      disks: [
        makeDisk({
          state: "complete",
          observed: {
            etag: '"0x1"',
            firstReadAt: NOW.toISOString(),
            lastModified: NOW.toISOString(),
            createdOn: NOW.toISOString(),
            md5FromStart: false,
          },
        }),
      ],
      outputs: [makeOutput({ operation: { url: null, submittedAt: NOW.toISOString() } })],
      error: {
        code: "NotAllowed",
        message: "no",
        fix: null,
        retryable: false,
        target: null,
        details: [{ code: "NotAllowed", message: "no", target: null }],
      },
      completedAt: NOW.toISOString(),
      deadlineAt: null,
      dueAt: null,
      events,
    });

    expect(requestRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  it("refuses a record of another version of the app", () => {
    expect(requestRecordSchema.safeParse({ ...makeRecord(), schemaVersion: 3 }).success).toBe(
      false,
    );
  });
});
