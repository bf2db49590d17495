import { describe, expect, it } from "vitest";
import { readAudit } from "../../scripts/read-audit.ts";
import { readProjectFile } from "./source-files.ts";

describe("npm audit", () => {
  it("is part of what every change must pass", () => {
    expect(readProjectFile(".ci/run")).toContain("scripts/audit.ts");
  });

  it("that finds nothing is clean", () => {
    const report = { auditReportVersion: 2, vulnerabilities: {} };
    expect(readAudit(JSON.stringify(report)).verdict).toBe("clean");
  });

  it("that finds something names it", () => {
    const report = { auditReportVersion: 2, vulnerabilities: { zod: { severity: "high" } } };
    expect(readAudit(JSON.stringify(report))).toEqual({
      verdict: "vulnerable",
      message: "Known vulnerabilities: zod (high). See 'npm audit'.",
    });
  });

  it.each([
    ["a registry without that question", '{"message":"405 Method Not Allowed","statusCode":405}'],
    ["no output", ""],
    ["something else", "null"],
  ])("that gets no answer says that nothing was checked: %s", (_, output) => {
    expect(readAudit(output)).toMatchObject({
      verdict: "unchecked",
      message: expect.stringContaining("NOT CHECKED"),
    });
  });
});
