import { describe, expect, it } from "vitest";
import {
  BadQueryError,
  BlobChangedError,
  CorruptRecordError,
  failure,
  RecordConflictError,
  ServiceError,
  SettingsError,
} from "../../../shared/errors.ts";
import { makeServiceErrorParts } from "../../factories.ts";

describe("failure", () => {
  it("is final, without target and details, unless said otherwise", () => {
    const parts = { code: "NotAllowed", message: "no", fix: "Ask." };

    expect(failure(parts)).toEqual({ ...parts, retryable: false, target: null, details: [] });
    expect(failure({ ...parts, retryable: true })).toMatchObject({ retryable: true });
  });
});

describe("errors", () => {
  it.each([
    { name: "BadQueryError", Type: BadQueryError },
    { name: "BlobChangedError", Type: BlobChangedError },
    { name: "CorruptRecordError", Type: CorruptRecordError },
    { name: "RecordConflictError", Type: RecordConflictError },
  ])("$name is an Error of that name that keeps its cause", ({ name, Type }) => {
    const cause = new Error("why");
    const error = new Type("what", { cause });

    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe(`${name}: what`);
    expect(error.cause).toBe(cause);
  });
});

describe("SettingsError", () => {
  it("lists every problem on a line", () => {
    const error = new SettingsError(["A is missing", "B is not a number"]);

    expect(String(error)).toBe(
      "SettingsError: The settings have 2 problem(s):\nA is missing\nB is not a number",
    );
    expect(error.problems).toEqual(["A is missing", "B is not a number"]);
  });
});

describe("ServiceError", () => {
  it("reads as code and message of the service", () => {
    const parts = makeServiceErrorParts();
    const cause = new Error("why");
    const error = new ServiceError(parts, { cause });

    expect(String(error)).toBe(
      "ServiceError: InvalidParameter: The value of a parameter is not allowed.",
    );
    expect(error).toMatchObject({ parts, cause });
  });
});
