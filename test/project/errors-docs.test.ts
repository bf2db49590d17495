import { describe, expect, it } from "vitest";
import { CODE_RULES } from "../../shared/service-errors/code-rules.ts";
import { nameInFix } from "../../shared/service-errors/fix-names.ts";
import type { ServiceErrorRule } from "../../shared/service-errors/rule.ts";
import { STATUS_RULES } from "../../shared/service-errors/status-rules.ts";
import { listOwnCodes, listRetryableCodes } from "./failure-codes.ts";
import { type Row, readCodes, readTables } from "./markdown.ts";
import { readProjectFile } from "./source-files.ts";

const DOCUMENT = "docs/errors.md";
const RETRIED = { never: "no", few: "a few times", later: "yes" } as const;

/** What the rows of the service's tables say, in the form of {@link describeRule}. */
function describeRow(row: Row) {
  return {
    statuses: readCodes(row.status),
    codes: readCodes(row.code),
    words: readCodes(row.words),
    cause: row.cause,
    fix: row["what to do"],
    retried: row.retried,
  };
}

function describeRule({ statuses, codes, words, cause, fix, retry }: ServiceErrorRule) {
  return {
    statuses: (statuses ?? []).map(String),
    codes: codes ?? [],
    words: words ?? [],
    cause,
    fix: nameInFix(fix, "", "").replaceAll(/\n */g, "<br>"),
    retried: RETRIED[retry],
  };
}

describe(DOCUMENT, () => {
  it.each([
    { heading: "### By status", rules: STATUS_RULES },
    { heading: "### By code", rules: CODE_RULES },
  ])("has every rule of the code $heading, in its order and words", ({ heading, rules }) => {
    expect(readTables(DOCUMENT, heading).map(describeRow)).toEqual(rules.map(describeRule));
  });

  const own = readTables(DOCUMENT, "## Codes of the app");

  it("has every code that the app itself gives, once, and no other", () => {
    const documented = own.map((row) => readCodes(row.code)[0]);
    expect(documented.sort()).toEqual(listOwnCodes());
  });

  it("calls retryable what the app calls so", () => {
    const retryable = own.filter((row) => row.retryable === "yes");
    expect(retryable.map((row) => readCodes(row.code)[0]).sort()).toEqual(listRetryableCodes());
  });

  it("says after how many failures a message becomes poison, as host.json does", () => {
    const { extensions } = JSON.parse(readProjectFile("host.json"));
    const causeOf = (code: string) => own.find((row) => readCodes(row.code)[0] === code)?.cause;
    const numbers: Readonly<Record<number, string>> = { 5: "five", 20: "twenty" };
    // What the host takes where host.json leaves the threshold of blobs out.
    const blobThreshold = extensions.blobs?.poisonBlobThreshold ?? 5;
    expect(causeOf("StepFailed")).toContain(`${numbers[extensions.queues.maxDequeueCount]} times`);
    expect(causeOf("UploadEventFailed")).toContain(`${numbers[blobThreshold]} times`);
  });

  it("gives a cause and a fix for each", () => {
    expect(own.filter((row) => !row.cause || !row["what to do"])).toEqual([]);
  });

  it("explains every code that getting-started.md names", () => {
    const known = [...listOwnCodes(), ...CODE_RULES.flatMap(({ codes }) => codes ?? [])];
    const named = readTables("docs/getting-started.md", "## When a request fails").flatMap((row) =>
      readCodes(row.code),
    );
    expect(named.filter((code) => !known.includes(code))).toEqual([]);
    expect(named).toContain("InvalidManifest");
  });
});
