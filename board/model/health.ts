import { visible } from "./format.ts";

/** The answer of `GET /api/health`, as far as the page shows it. */
export interface Health {
  readonly status: string;
  readonly settings?: readonly { readonly name: string; readonly problem: string }[];
  readonly dependencies: readonly {
    readonly name: string;
    readonly status: string;
    readonly detail?: string;
  }[];
}

/** What is wrong with the app, a line each; empty while all is well. */
export function listHealthProblems(health: Health): readonly string[] {
  const settings = (health.settings ?? []).map(
    ({ name, problem }) => `Setting ${visible(name)} ${visible(problem)}.`,
  );
  const dependencies = health.dependencies
    .filter(({ status }) => status !== "ok")
    .map(({ name, status, detail }) =>
      detail === undefined
        ? `${visible(name)} is ${visible(status)}; the log of the app says why.`
        : `${visible(name)}: ${visible(detail)}`,
    );
  const problems = [...settings, ...dependencies];
  const isUnexplained = problems.length === 0 && health.status !== "healthy";
  return isUnexplained ? ["The app is unhealthy; its log says why."] : problems;
}
