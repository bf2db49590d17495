import { AUDIT_RULES } from "./audit-rules.ts";
import type { ChaosResult } from "./run-chaos.ts";

const SHOWN_FINDINGS = 20;

/** Returns the result as one line of JSON: every count, those that must be zero under `mustBeZero`. */
export function formatResult({ ok, seed, plan, seconds, figures, findings }: ChaosResult): string {
  const mustBeZero = Object.fromEntries(
    Object.entries(findings).map(([name, lines]) => [name, lines.length]),
  );
  return JSON.stringify({ ok, seed, plan, seconds, ...figures, mustBeZero });
}

/** Returns the result for people: what was counted, and what must not be, with the findings. */
export function renderResult({ ok, figures, findings }: ChaosResult): string[] {
  const width = Math.max(...AUDIT_RULES.map(({ meaning }) => meaning.length));
  const row = (label: string, count: number): string =>
    `  ${label.padEnd(width)}  ${String(count).padStart(6)}`;
  return [
    "",
    ...Object.entries(figures).map(([name, count]) => row(name, count)),
    "",
    "  must be zero:",
    ...AUDIT_RULES.flatMap(({ name, meaning }) => {
      const found = findings[name] ?? [];
      return [
        row(meaning, found.length),
        ...found.slice(0, SHOWN_FINDINGS).map((line) => `      ${line}`),
      ];
    }),
    "",
    ok ? "  ✓ Nothing lost, nothing twice." : "  ✗ Unexpected result.",
    "",
  ];
}
