import type { Disk, Failure } from "./status.ts";

/** What an upload would become (docs/status-api.md, Plan), as far as the page shows it. */
export interface Plan {
  /** Null where the upload would fail. */
  readonly verdict: string | null;
  readonly message: string;
  readonly outputs: readonly PlannedOutput[];
  readonly disks: readonly Disk[];
  readonly warnings: readonly string[];
  readonly error: Failure | null;
}

export interface PlannedOutput {
  readonly kind: string;
  readonly action: string;
  readonly id: string | null;
  /** Number of an image version. */
  readonly version?: string | null;
  readonly requests: readonly {
    readonly method: string;
    readonly url: string;
    readonly body: unknown;
  }[];
  readonly detail: string | null;
  readonly error: Failure | null;
}

/** A plan, or what a plan says about an upload that would fail; null when it is something else. */
export function readPlan(body: unknown): Plan | null {
  if (typeof body !== "object" || body === null) return null;
  const document = body as Readonly<Record<string, unknown>>;
  const list = (name: string): unknown[] => {
    const value = document[name];
    return Array.isArray(value) ? value : [];
  };
  const { verdict, message, detail, error } = document;
  const words = message ?? detail;
  const isPlan = typeof verdict === "string" || (typeof error === "object" && error !== null);
  if (!isPlan || typeof words !== "string") return null;
  return {
    verdict: typeof verdict === "string" ? verdict : null,
    message: words,
    outputs: list("outputs") as PlannedOutput[],
    disks: list("disks") as Disk[],
    warnings: list("warnings") as string[],
    error: (error as Failure | undefined) ?? null,
  };
}

/** Where to send a manifest, or the name of an upload, for a plan. */
export function planPath(input: { readonly source: string; readonly name: string }): string {
  const given = Object.entries(input).filter(([, value]) => value !== "");
  const query = new URLSearchParams(input.source === "" ? given : { source: input.source });
  return query.size === 0 ? "plan" : `plan?${query}`;
}
