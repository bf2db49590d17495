import { refuseParameters, requireLength } from "./status-query.ts";

/** What the query of a plan says. */
export interface PlanQuery {
  /** An upload to plan; null when the manifest is in the body. */
  readonly source: string | null;
  /** The name that the manifest in the body would have. */
  readonly name: string;
}

const PARAMETERS = ["source", "name"] as const;
const DEFAULT_NAME = "manifest.json";

/**
 * Reads the query of a plan.
 * @throws BadQueryError that names the parameter and what is allowed.
 */
export function readPlanQuery(query: URLSearchParams): PlanQuery {
  refuseParameters(query, PARAMETERS);
  requireLength(query, PARAMETERS);
  return { source: query.get("source") || null, name: query.get("name") || DEFAULT_NAME };
}
