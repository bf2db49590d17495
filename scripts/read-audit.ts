/** What `npm audit --json` found out. */
export interface AuditReading {
  readonly verdict: "clean" | "vulnerable" | "unchecked";
  /** One line for people. */
  readonly message: string;
}

interface Report {
  readonly auditReportVersion?: unknown;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity?: unknown }>>;
  readonly message?: unknown;
}

/** Reads the output of `npm audit --json`: a report, or npm's account of why there is none. */
export function readAudit(output: string): AuditReading {
  const report = parse(output);
  if (report.auditReportVersion === undefined) {
    const reason = typeof report.message === "string" ? report.message : "npm returned no report";
    return {
      verdict: "unchecked",
      message: `NOT CHECKED for known vulnerabilities: the registry does not answer (${reason}).`,
    };
  }
  const found = Object.entries(report.vulnerabilities ?? {});
  if (found.length === 0) {
    return { verdict: "clean", message: "No known vulnerability in the runtime dependencies." };
  }
  const list = found.map(([name, { severity }]) => `${name} (${String(severity)})`).join(", ");
  return { verdict: "vulnerable", message: `Known vulnerabilities: ${list}. See 'npm audit'.` };
}

function parse(output: string): Report {
  try {
    const value: unknown = JSON.parse(output);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
