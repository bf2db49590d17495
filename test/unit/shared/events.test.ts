import { describe, expect, it } from "vitest";
import { failure } from "../../../shared/errors.ts";
import { toCloudEvent } from "../../../shared/events.ts";
import { at, makeEvent, makeOutput, makeRecord } from "../../factories.ts";

const image = {
  name: "web",
  resourceGroup: "images-rg",
  subscriptionId: "s",
  location: "westeurope",
  id: null,
};
const received = makeEvent();
const failed = makeEvent({
  sequence: 2,
  at: at(5).toISOString(),
  state: "failed",
  message: "NotAllowed: no",
});
const error = failure({ code: "NotAllowed", message: "no", fix: "Ask." });
const record = makeRecord({
  state: "failed",
  image,
  outputs: [makeOutput({ state: "failed" })],
  error,
  events: [received, failed],
});

describe("toCloudEvent", () => {
  it("is a CloudEvents 1.0 message of one state change", () => {
    expect(toCloudEvent(record, failed, "own")).toEqual({
      specversion: "1.0",
      id: "abcdefghijklmnop2345-2",
      source: "/vhd-to-image/own/uploads",
      type: "io.github.vhd-to-image.request.state-changed",
      subject: "web.json",
      time: "2026-03-01T12:00:05.000Z",
      datacontenttype: "application/json",
      sequence: "00000002",
      data: {
        requestId: "abcdefghijklmnop2345",
        kind: "manifest",
        source: "web.json",
        state: "failed",
        previousState: "received",
        message: "NotAllowed: no",
        image,
        outputs: [{ kind: "managedImage", state: "failed", id: null }],
        error,
      },
    });
  });

  it("fits into the queue when every character takes six bytes in JSON, with its texts cut", () => {
    const long = (limit: number): string => "\u0001".repeat(limit);
    const large = failure({
      code: long(200),
      message: long(4_000),
      fix: long(2_000),
      target: long(1_024),
      details: [{ code: "A", message: "b", target: null }],
    });
    const name = `${"盤".repeat(1_019)}.json`;
    const event = { ...failed, message: long(2_000) };
    const hostile = makeRecord({
      ...record,
      source: { ...record.source, name },
      error: large,
      events: [received, event],
    });
    const message = toCloudEvent(hostile, event, "own");
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(48 * 1024 - 256);
    expect(message).toMatchObject({ subject: name, data: { source: name, state: "failed" } });
    expect((message.data as { error: { fix: string } }).error.fix).toBe(`${long(499)}…`);
  });

  it("names the span that opened the request, if there is one", () => {
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const traced = toCloudEvent({ ...record, traceparent }, failed, "own");
    expect(traced).toEqual({ ...toCloudEvent(record, failed, "own"), traceparent });
  });

  it("shows no secret in a name, its subject included", () => {
    const name = "AccountName=a;AccountKey=MARK==;x.json";
    const event = toCloudEvent({ ...record, source: { ...record.source, name } }, failed, "own");

    expect(event.subject).toBe("AccountName=a;AccountKey=REDACTED;x.json");
    expect(JSON.stringify(event)).not.toContain("MARK");
  });

  it("is the same every time it is made", () => {
    expect(toCloudEvent(record, failed, "own")).toEqual(toCloudEvent(record, failed, "own"));
  });

  it("reports the error in the last event alone", () => {
    expect(toCloudEvent(record, received, "own").data).toMatchObject({
      previousState: null,
      error: null,
    });
    expect(toCloudEvent(makeRecord(), received, "own").data).toMatchObject({ error: null });
  });

  it("fits into a queue message however many details the error has", () => {
    const detail = { code: "InvalidManifest", message: "x".repeat(1_000), target: null };
    const details = Array.from({ length: 100 }, () => detail);
    const event = toCloudEvent({ ...record, error: { ...error, details } }, failed, "own");

    const base64 = Buffer.from(JSON.stringify(event)).toString("base64");
    expect(base64.length).toBeLessThan(64 * 1024);
    expect(event.data).toMatchObject({ error: { details: Array(20).fill(detail) } });
  });
});
