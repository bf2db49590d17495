import { describe, expect, it } from "vitest";
import { CODE_RULES } from "../../../../shared/service-errors/code-rules.ts";
import { nameInFix } from "../../../../shared/service-errors/fix-names.ts";
import { retryOf, toFailure } from "../../../../shared/service-errors/service-errors.ts";
import { makeServiceErrorParts } from "../../../factories.ts";

describe("retryOf", () => {
  it.each([
    { status: null, retry: "later" },
    { status: 400, retry: "never" },
    { status: 401, retry: "few" },
    { status: 403, retry: "few" },
    { status: 404, retry: "never" },
    { status: 405, retry: "never" },
    { status: 408, retry: "later" },
    { status: 409, retry: "never" },
    { status: 412, retry: "never" },
    { status: 429, retry: "later" },
    { status: 500, retry: "later" },
    { status: 503, retry: "later" },
    { status: 599, retry: "later" },
    { status: 200, retry: "never" },
  ])("of status $status is $retry", ({ status, retry }) => {
    expect(retryOf(makeServiceErrorParts({ status }))).toBe(retry);
  });

  it.each([
    { code: "AnotherOperationInProgress", message: "…" },
    { code: "AcquireDiskLeaseFailed", message: "…" },
    { code: "DiskImageNotReady", message: "…" },
    { code: "Conflict", message: "Another operation is changing the resource." },
    { code: "Conflict", message: "A request is in progress." },
    { code: "OperationNotAllowed", message: "The disk is currently being exported." },
    { code: "Conflict", message: "The image is being deleted." },
  ])("of 409 is later while something is in the way: $code $message", ({ code, message }) => {
    expect(retryOf(makeServiceErrorParts({ status: 409, code, message }))).toBe("later");
  });

  it("goes by the status before the code: OperationNotAllowed is final with 409, a throttle with 429", () => {
    const code = "OperationNotAllowed";

    expect(retryOf(makeServiceErrorParts({ status: 409, code }))).toBe("never");
    expect(retryOf(makeServiceErrorParts({ status: 429, code }))).toBe("later");
  });

  it("does not take the words of a busy resource for one with any other status", () => {
    const message = "Another operation is in progress.";

    expect(retryOf(makeServiceErrorParts({ status: 400, message }))).toBe("never");
  });
});

/** Errors for which a rule was written: one for each of its codes, statuses and words. */
const SAMPLES = CODE_RULES.flatMap((rule) =>
  (rule.codes ?? ["Unheard"]).flatMap((code) =>
    (rule.words ?? ["…"]).flatMap((word) =>
      (rule.statuses ?? [400]).map((status) => ({
        rule,
        error: { status: Number(status), code, message: `It says: ${word.toUpperCase()}.` },
      })),
    ),
  ),
);

describe("the rules by code", () => {
  it.each(SAMPLES)(
    "tell what to do and when to try again: $error.code $error.message",
    ({ rule, error }) => {
      const parts = makeServiceErrorParts(error);

      const fix = nameInFix(rule.fix, parts.message, "");
      expect(toFailure(parts)).toMatchObject({ fix, retryable: rule.retry !== "never" });
      expect(retryOf(parts)).toBe(rule.retry);
    },
  );

  it("give way to a status that passes by itself", () => {
    const parts = makeServiceErrorParts({ status: 503, code: "InvalidVhd" });

    expect(retryOf(parts)).toBe("later");
    expect(toFailure(parts)).toMatchObject({ retryable: true, fix: expect.stringMatching(/VHD/) });
  });

  it("look for their words in the target too", () => {
    const message = "The value is not valid.";
    const parts = makeServiceErrorParts({
      code: "InvalidParameter",
      message,
      target: "disk.bloburi",
    });

    expect(toFailure(parts).fix).toMatch(/root of a container/);
  });

  it("decide where the status says nothing: a failed operation", () => {
    const failed = (code: string) => retryOf(makeServiceErrorParts({ status: 200, code }));

    expect(failed("StorageAccountTooBusy")).toBe("later");
    expect(failed("InvalidVhd")).toBe("never");
  });
});

describe("toFailure", () => {
  it("keeps what the service said", () => {
    const details = [{ code: "Outer", message: "outer", target: "disks" }];
    const error = makeServiceErrorParts({ target: "osDisk.osState", details });

    expect(toFailure(error)).toEqual({
      code: "InvalidParameter",
      message: "The value of a parameter is not allowed.",
      fix: "Correct what the message names and upload again.",
      retryable: false,
      target: "osDisk.osState",
      details,
    });
  });

  it("is retryable where the app itself retries", () => {
    const retryable = [null, 403, 429, 500].map(
      (status) => toFailure(makeServiceErrorParts({ status })).retryable,
    );

    expect(retryable).toEqual([true, true, true, true]);
    expect(toFailure(makeServiceErrorParts({ status: 404 })).retryable).toBe(false);
  });

  it.each([
    { status: null, fix: /could not be reached/ },
    { status: 403, fix: /permission to write images/ },
    { status: 404, fix: /every source exist/ },
    { status: 408, fix: /internal error/ },
    { status: 409, fix: /in a state that forbids this/ },
    { status: 429, fix: /throttles/ },
    { status: 500, fix: /internal error/ },
  ])("says what to do for status $status of an unknown code", ({ status, fix }) => {
    expect(toFailure(makeServiceErrorParts({ status, code: "Unheard" })).fix).toMatch(fix);
  });

  it.each([
    ["IncorrectImageBlobType", /page blob/],
    ["IncorrectDiskBlobType", /page blob/],
    ["InvalidVhd", /fixed VHD/],
    ["VHDSizeInvalid", /multiple of 1 MiB/],
    ["ImageBlobNotFound", /did not find the blob/],
    ["DiskBlobNotFound", /did not find the blob/],
    ["StorageAccountNotFound", /existing storage account/],
    ["StorageAccountNotRecognized", /Resource Manager/],
    ["StorageAccountLocationMismatch", /image's region/],
    ["StorageAccountSubscriptionMismatch", /image's subscription/],
    ["StorageAccountTypeNotSupported", /general-purpose v2/],
    ["StorageAccountLimitation", /another storage account/],
    ["ResourceGroupNotFound", /IMAGE_RESOURCE_GROUP/],
    ["SubscriptionNotFound", /AZURE_SUBSCRIPTION_ID/],
    ["MissingSubscriptionRegistration", /az provider register/],
    ["AuthorizationFailed", /permission to write images/],
    ["PropertyChangeNotAllowed", /another imageName/],
  ])("says what to do for the code %s", (code, fix) => {
    expect(toFailure(makeServiceErrorParts({ code })).fix).toMatch(fix);
  });

  it.each([
    ["OperationNotAllowed", "The VM is not generalized.", /az vm generalize/],
    ["OperationNotAllowed", "The VM must be stopped.", /az vm generalize/],
    ["InvalidParameter", "The specified cookie value in VHD footer …", /is not a VHD/],
    ["InvalidParameter", "The blob is not accessible.", /firewall/],
  ])("says what to do for %s: %s", (code, message, fix) => {
    expect(toFailure(makeServiceErrorParts({ code, message })).fix).toMatch(fix);
  });
});
