import { describe, expect, it } from "vitest";
import { REQUEST_STATES, TRANSITIONS } from "../../shared/record/states.ts";
import { readCodes, readTables } from "./markdown.ts";

function readStateColumn(document: string, heading: string, column: string) {
  return Object.fromEntries(
    readTables(document, heading).map((row) => [readCodes(row.state)[0], readCodes(row[column])]),
  );
}

describe("the documented states", () => {
  it("lead where the transition table leads", () => {
    const documented = readStateColumn("docs/architecture.md", "## States", "leads to");
    expect(documented).toEqual(TRANSITIONS);
  });

  it.each(["README.md", "docs/status-api.md"])("are all in %s", (document) => {
    const documented = readStateColumn(document, "## States", "meaning");
    expect(Object.keys(documented)).toEqual(REQUEST_STATES);
  });
});
