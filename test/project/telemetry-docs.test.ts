import { describe, expect, it } from "vitest";
import { METRICS } from "../../shared/telemetry/metrics.ts";
import { readCodes, readTables } from "./markdown.ts";
import { listFiles, readProjectFile } from "./source-files.ts";

const RUNBOOK = "docs/operations.md";
const SOURCES = [...listFiles("functions", ".ts"), ...listFiles("shared", ".ts")];

/** The names of events that the code logs. */
function listLogEvents(): readonly string[] {
  const call = /\blog\.(?:info|warn|error)\(\s*"([^"]+)"/g;
  const events = SOURCES.flatMap((file) =>
    [...readProjectFile(file).matchAll(call)].map(([, event = ""]) => event),
  );
  return [...new Set(events)].sort();
}

/** The contents of the runbook's queries. */
const queries = [...readProjectFile(RUNBOOK).matchAll(/^ *```kusto\n([\s\S]*?)^ *```$/gm)]
  .map(([, query = ""]) => query)
  .join("\n");

describe("docs/architecture.md", () => {
  it("has every metric of the code, and no other", () => {
    const documented = readTables("docs/architecture.md", "## Telemetry").map(
      (row) => readCodes(row.metric)[0],
    );
    expect(documented.sort()).toEqual(Object.keys(METRICS).sort());
  });

  it("names every event that is logged", () => {
    const text = readProjectFile("docs/architecture.md");
    expect(listLogEvents()).toContain("request.state");
    expect(listLogEvents().filter((event) => !text.includes(`\`${event}\``))).toEqual([]);
  });
});

describe(RUNBOOK, () => {
  it("asks for metrics that there are", () => {
    const asked = [...queries.matchAll(/Name (?:==|in) (.+)/g)]
      .flatMap(([, names = ""]) => names.match(/"vhd_to_image\.[^"]+"/g) ?? [])
      .map((name) => name.slice(1, -1));
    expect(asked).not.toEqual([]);
    expect(asked.filter((name) => !(name in METRICS))).toEqual([]);
  });

  it("asks for events that are logged", () => {
    const asked = [...queries.matchAll(/Line\.event\) (?:==|in) (.+)/g)]
      .flatMap(([, events = ""]) => events.match(/"[^"]+"/g) ?? [])
      .map((event) => event.slice(1, -1));
    expect(asked).not.toEqual([]);
    expect(asked.filter((event) => !listLogEvents().includes(event))).toEqual([]);
  });

  it("asks for attributes that spans have", () => {
    const code = SOURCES.map(readProjectFile).join("\n");
    const asked = [...queries.matchAll(/Properties\["([^"]+)"\]/g)].map(([, name = ""]) => name);
    expect(asked).not.toEqual([]);
    expect(asked.filter((name) => !code.includes(`"${name}"`))).toEqual([]);
  });

  it("has a section for every alert", () => {
    const alerts = readProjectFile("infra/modules/alerts.bicep").matchAll(
      /^ {4}name: '([a-z-]+)'$/gm,
    );
    const headings = [...readProjectFile(RUNBOOK).matchAll(/^## Alert: (.+)$/gm)].map(
      ([, title = ""]) => title.replaceAll(" ", "-"),
    );
    expect(headings.sort()).toEqual([...alerts].map(([, name = ""]) => name).sort());
    expect(headings).toHaveLength(6);
  });
});
