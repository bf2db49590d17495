import { describe, expect, it } from "vitest";
import { OUTPUT_STATE_ROWS, OUTPUT_STATES } from "../../shared/record/output.ts";
import { isTerminal, REQUEST_STATES, STATES } from "../../shared/record/states.ts";
import { type Row, readCodes, readTables } from "./markdown.ts";

/** One column of a table of states, by state. */
function readColumn<T>(
  document: string,
  heading: string,
  read: (row: Row) => T,
): Readonly<Record<string, T>> {
  const rows = readTables(document, heading);
  return Object.fromEntries(rows.map((row) => [readCodes(row.state)[0], read(row)]));
}

/** What the table in code has for each state. */
function listRows<T>(read: (state: (typeof REQUEST_STATES)[number]) => T) {
  return Object.fromEntries(REQUEST_STATES.map((state) => [state, read(state)]));
}

describe("the documented states", () => {
  it("are in architecture.md row by row: meaning, next states, deadline", () => {
    const document = "docs/architecture.md";
    const read = <T>(column: (row: Row) => T) => readColumn(document, "## States", column);
    expect(read((row) => row.meaning)).toEqual(listRows((state) => STATES[state].meaning));
    expect(read((row) => readCodes(row["leads to"]))).toEqual(
      listRows((state) => STATES[state].next),
    );
    expect(read((row) => readCodes(row["ends by itself after"])[0] ?? null)).toEqual(
      listRows((state) => STATES[state].deadlineSetting),
    );
  });

  it("are all in status-api.md, with their meaning", () => {
    const meanings = readColumn("docs/status-api.md", "## States", (row) => row.meaning ?? "");
    expect(Object.keys(meanings)).toEqual(REQUEST_STATES);
    for (const state of REQUEST_STATES) {
      expect(meanings[state]?.startsWith(STATES[state].meaning), state).toBe(true);
    }
  });

  it("are terminal in status-api.md where nothing follows", () => {
    const terminal = readColumn("docs/status-api.md", "## States", (row) => row.terminal === "yes");
    expect(terminal).toEqual(listRows(isTerminal));
  });

  it("of outputs are in status-api.md with their meaning", () => {
    const meanings = readColumn("docs/status-api.md", "### Outputs", (row) => row.meaning);
    expect(meanings).toEqual(
      Object.fromEntries(OUTPUT_STATES.map((state) => [state, OUTPUT_STATE_ROWS[state].meaning])),
    );
  });
});
