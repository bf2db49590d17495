import { describe, expect, it } from "vitest";
import { METRICS } from "../../shared/telemetry/metrics.ts";
import { readBicepFile } from "./bicep.ts";
import { readTables } from "./markdown.ts";
import { listFiles, readProjectFile } from "./source-files.ts";

interface AlertRule {
  readonly name: string;
  readonly query: string;
  readonly column: string;
  readonly description: string;
}

const FIELD = /(\w+): (?:'''([\s\S]*?)'''|'((?:[^'\\]|\\.)*)')/g;

/** The rules of alerts.bicep, which is a list of objects with plain texts. */
const RULES: readonly AlertRule[] = readBicepFile("infra/modules/alerts.bicep")
  .text.split(/\n {2}\{\n/)
  .slice(1)
  .map((rule) => {
    const fields = [...rule.matchAll(FIELD)].map(([, key, long, short]) => [key, long ?? short]);
    const {
      name = "",
      query = "",
      column = "",
      description = "",
    } = Object.fromEntries(fields.toReversed()) as Partial<AlertRule>;
    return { name, query, column, description };
  });

const CODE = [...listFiles("functions", ".ts"), ...listFiles("shared", ".ts")]
  .map(readProjectFile)
  .join("\n");

describe("the alerts", () => {
  it("are those that are documented", () => {
    const documented = readTables("docs/deployment.md", "## Alerts").map(
      (row) => /\[([\w-]+)\]/.exec(row.alert ?? "")?.[1],
    );
    expect(RULES.map(({ name }) => name)).toEqual(documented);
    expect(documented).toHaveLength(6);
  });
});

describe.each(RULES)("the alert $name", ({ name, query, column, description }) => {
  it("says what follows and what to do", () => {
    expect(description).toMatch(/^Consequence: \S.{20,}\. Action: \S.{20,}\.$/);
  });

  it("points to its section in the runbook", () => {
    const { text } = readBicepFile("infra/modules/alerts.bicep");
    expect(text).toMatch(/Runbook: \$\{runbookUrl\}#alert-\$\{rule\.name\}/);
    const headings = [...readProjectFile("docs/operations.md").matchAll(/^#+ (.+)$/gm)].map(
      ([, heading = ""]) =>
        heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, "")
          .replaceAll(" ", "-"),
    );
    expect(headings).toContain(`alert-${name}`);
  });

  it("looks for lines that the app logs", () => {
    const events = [...query.matchAll(/"([a-z]+\.[a-z.]+)"/g)].map(([, event = ""]) => event);
    expect(events.filter((event) => !new RegExp(`log\\.\\w+\\(\\s*"${event}"`).test(CODE))).toEqual(
      [],
    );
  });

  it("looks for metrics and functions that the app has", () => {
    const metrics = [...query.matchAll(/"(vhd_to_image\.[\w.]+)"/g)].map(([, metric]) => metric);
    expect(metrics.filter((metric) => !Object.hasOwn(METRICS, metric ?? ""))).toEqual([]);
    const functions = [...query.matchAll(/"(poison-\w+)"/g)].map(([, found = ""]) => found);
    expect(functions.filter((found) => !CODE.includes(`"${found}"`))).toEqual([]);
  });

  it("measures a column that its query ends with", () => {
    expect(query.trimEnd().split("\n").at(-1)).toContain(column);
    expect(query).toMatch(/App(?:Traces|Metrics|Requests)/);
  });
});
