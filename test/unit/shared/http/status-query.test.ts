import { describe, expect, it } from "vitest";
import { BadQueryError } from "../../../../shared/errors.ts";
import { readStatusQuery } from "../../../../shared/http/status-query.ts";
import { REQUEST_STATES } from "../../../../shared/record/states.ts";

function read(query: string) {
  return readStatusQuery(new URLSearchParams(query));
}

describe("readStatusQuery", () => {
  it("asks for 25 of everything by default", () => {
    expect(read("")).toEqual({ limit: 25 });
    expect(read("state=&source=&image=&limit=&cursor=")).toEqual({ limit: 25 });
  });

  it("reads every parameter", () => {
    expect(read("state=Waiting&source=a%2Fweb.json&image=web&limit=7&cursor=abc")).toEqual({
      state: "waiting",
      source: "a/web.json",
      image: "web",
      limit: 7,
      cursor: "abc",
    });
  });

  it.each(REQUEST_STATES)("knows the state %s", (state) => {
    expect(read(`state=${state}`).state).toBe(state);
  });

  it.each([1, 100])("takes the limit %i", (limit) => {
    expect(read(`limit=${limit}`).limit).toBe(limit);
  });

  it.each(["0", "101", "-1", "1.5", "ten", "1e9"])("refuses the limit %s", (limit) => {
    expect(() => read(`limit=${limit}`)).toThrow(
      new BadQueryError("'limit' must be a whole number from 1 to 100."),
    );
  });

  it("refuses a state that is none, and lists the states", () => {
    expect(() => read("state=done")).toThrow(
      new BadQueryError(
        "'state' must be one of received, waiting, converting, submitting, creating, succeeded, failed, canceled.",
      ),
    );
  });

  it("refuses a parameter that it does not know", () => {
    expect(() => read("limit=5&State=failed")).toThrow(
      new BadQueryError(
        "Unknown query parameter 'State'; known parameters: state, source, image, limit, cursor.",
      ),
    );
  });
});
