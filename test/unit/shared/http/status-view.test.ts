import { describe, expect, it } from "vitest";
import { failure } from "../../../../shared/errors.ts";
import { retryAfterSeconds, toStatusView } from "../../../../shared/http/status-view.ts";
import {
  at,
  CONTAINER,
  computeId,
  makeDisk,
  makeEvent,
  makeImageRequest,
  makeInspection,
  makeOutput,
  makeRecord,
  NOW,
} from "../../../factories.ts";

const image = {
  name: "web",
  resourceGroup: "images-rg",
  subscriptionId: "s",
  location: "westeurope",
  id: null,
};
const error = failure({ code: "Conflict", message: "busy", fix: "Wait." });
const operationUrl = "https://management.azure.com/operations/1?t=1&c=SIGNED&s=SIGNED&h=SIGNED";

describe("toStatusView", () => {
  it("is the whole status document of a request", () => {
    const record = makeRecord({
      state: "waiting",
      image,
      request: makeImageRequest(),
      outputs: [
        makeOutput(),
        makeOutput({ kind: "other", state: "failed", error, progress: { n: 1 } }),
      ],
      disks: [
        makeDisk({ state: "complete", detail: null }),
        makeDisk({
          role: "data",
          lun: 0,
          ref: { container: CONTAINER, name: "data.vhd" },
          state: "uploading",
          detail: "last written 12 s ago",
        }),
        makeDisk({
          role: "data",
          lun: 1,
          ref: null,
          external: computeId("snapshots", "s"),
          state: "external",
          detail: null,
        }),
      ],
      events: [makeEvent(), makeEvent({ sequence: 2, state: "waiting", message: "waiting" })],
    });

    expect(toStatusView(record)).toEqual({
      requestId: "abcdefghijklmnop2345",
      state: "waiting",
      kind: "manifest",
      source: "web.json",
      image,
      outputs: [
        { kind: "managedImage", state: "pending", id: null, error: null },
        { kind: "other", state: "failed", id: null, error, n: 1 },
      ],
      disks: [
        {
          role: "os",
          blob: "web.vhd",
          state: "complete",
          detail: null,
          inspection: null,
          warnings: [],
        },
        {
          role: "data",
          lun: 0,
          blob: "data.vhd",
          state: "uploading",
          detail: "last written 12 s ago",
          inspection: null,
          warnings: [],
        },
        {
          role: "data",
          lun: 1,
          blob: null,
          resource: computeId("snapshots", "s"),
          state: "external",
          detail: null,
          inspection: null,
          warnings: [],
        },
      ],
      warnings: [],
      error: null,
      retrying: null,
      retryOf: null,
      retriedBy: null,
      createdAt: "2026-03-01T12:00:00.000Z",
      updatedAt: "2026-03-01T12:00:00.000Z",
      completedAt: null,
      events: [
        { at: "2026-03-01T12:00:00.000Z", state: "received", message: "a manifest was uploaded" },
        { at: "2026-03-01T12:00:00.000Z", state: "waiting", message: "waiting" },
      ],
    });
  });

  it("shows what is on a disk, and the warnings of all disks and of the request together", () => {
    const { certainty: _, ...inspection } = makeInspection();
    const view = toStatusView(
      makeRecord({
        disks: [makeDisk({ inspection: makeInspection(), warnings: ["is for Arm64"] })],
        warnings: ["web.vhd: V1 requested"],
      }),
    );

    expect(view).toMatchObject({
      disks: [{ inspection, warnings: ["is for Arm64"] }],
      warnings: ["web.vhd: is for Arm64", "web.vhd: V1 requested"],
    });
    expect(view.disks[0]?.inspection).toEqual(inspection);
  });

  it("shows no warnings of disks that are not held against the request", () => {
    const disks = [makeDisk({ warnings: ["is for Arm64"] })];

    expect(toStatusView(makeRecord({ inspect: "off", disks })).warnings).toEqual([]);
  });

  it("hides the operation's signed URL and every ETag", () => {
    const record = makeRecord({
      state: "creating",
      outputs: [makeOutput({ operation: { url: operationUrl, submittedAt: NOW.toISOString() } })],
      disks: [
        makeDisk({
          observed: {
            etag: '"0xSECRET"',
            firstReadAt: NOW.toISOString(),
            lastModified: NOW.toISOString(),
            createdOn: NOW.toISOString(),
            md5FromStart: false,
          },
        }),
      ],
    });
    const text = JSON.stringify(toStatusView(record));

    expect(text).not.toContain("SIGNED");
    expect(text).not.toContain("0x");
  });

  it("shows the error of a failed request", () => {
    const view = toStatusView(makeRecord({ state: "failed", error }));

    expect(view).toMatchObject({ error, retrying: null });
  });

  it("shows an error that is being retried as such, and not as the end", () => {
    const view = toStatusView(makeRecord({ state: "submitting", retries: 3, error }));

    expect(view).toMatchObject({
      error: null,
      retrying: { code: "Conflict", message: "busy", attempts: 3 },
    });
  });

  it("shows no error that was overcome", () => {
    expect(toStatusView(makeRecord({ state: "succeeded", error }))).toMatchObject({
      error: null,
      retrying: null,
      retryOf: null,
      retriedBy: null,
    });
  });
});

describe("retryAfterSeconds", () => {
  it.each([
    { due: -10, seconds: 1 },
    { due: 0, seconds: 1 },
    { due: 4.2, seconds: 5 },
    { due: 60, seconds: 60 },
    { due: 3_600, seconds: 60 },
  ])("of a step due in $due s is $seconds", ({ due, seconds }) => {
    const record = makeRecord({ state: "waiting", dueAt: at(due).toISOString() });

    expect(retryAfterSeconds(record, NOW)).toBe(seconds);
  });

  it("is 1 when it is not known when the next step is due", () => {
    expect(retryAfterSeconds(makeRecord({ state: "waiting", dueAt: null }), NOW)).toBe(1);
  });

  it.each(["succeeded", "failed", "canceled"] as const)("is null for %s", (state) => {
    expect(retryAfterSeconds(makeRecord({ state }), NOW)).toBeNull();
  });
});
