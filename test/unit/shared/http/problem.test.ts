import { describe, expect, it } from "vitest";
import { problem } from "../../../../shared/http/problem.ts";

describe("problem", () => {
  it("is an RFC 9457 document with status, title and detail", () => {
    expect(problem(404, "There is none.")).toEqual({
      status: 404,
      headers: { "content-type": "application/problem+json" },
      jsonBody: { type: "about:blank", title: "Not Found", status: 404, detail: "There is none." },
    });
  });

  it.each([
    [400, "Bad Request"],
    [500, "Internal Server Error"],
    [503, "Service Unavailable"],
    [202, "Accepted"],
    [409, "Conflict"],
    [422, "Unprocessable Entity"],
    [599, "Error"],
  ])("calls %i '%s'", (status, title) => {
    expect(problem(status, "…").jsonBody.title).toBe(title);
  });
});
