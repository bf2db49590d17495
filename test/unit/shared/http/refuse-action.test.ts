import { describe, expect, it } from "vitest";
import { type ActionRules, refuseAction } from "../../../../shared/http/refuse-action.ts";

const OPEN: ActionRules = { actions: "on", hasSessions: false };
const json = { "content-type": "application/json" };
const session = { ...json, "x-ms-client-principal": "e30=" };

/** The status of the refusal; null when the request may go on. */
const refuse = (headers: Record<string, string>, rules: Partial<ActionRules> = {}) =>
  refuseAction(new Headers(headers), { ...OPEN, ...rules })?.status ?? null;

describe("refuseAction", () => {
  it.each(["application/json", "Application/JSON; charset=utf-8", "application/json;"])(
    "lets a request of the type %s go on",
    (type) => {
      expect(refuse({ "content-type": type })).toBeNull();
    },
  );

  it.each([
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=application/json",
    "text/plain; application/json",
    "application/json-patch+json",
  ])("refuses what a form can send, and every other type: %s", (type) => {
    expect(refuse(type === "" ? {} : { "content-type": type })).toBe(415);
  });

  it("wants a header that a form cannot send from whoever has a session", () => {
    expect(refuse(session, { hasSessions: true })).toBe(403);
    expect(refuse({ ...session, "x-requested-with": "" }, { hasSessions: true })).toBe(403);
    expect(refuse({ ...session, "x-requested-with": "board" }, { hasSessions: true })).toBeNull();
    expect(refuse(json, { hasSessions: true })).toBeNull();
  });

  it("takes nobody's word for a session where there are none", () => {
    expect(refuse(session)).toBeNull();
  });

  it("refuses everything while actions are off, and names the setting", () => {
    expect(refuse(json, { actions: "off" })).toBe(403);
    expect(refuse({}, { actions: "off" })).toBe(403);
    const answer = refuseAction(new Headers(json), { ...OPEN, actions: "off" });
    expect(answer?.jsonBody.detail).toContain("ACTIONS");
  });
});
