import type { IngestContext } from "../flow/ingest.ts";
import type { PlannedCall } from "../ports.ts";
import type { StageContext } from "../stages/stage.ts";

/** What a plan works with: what the stages do, with calls to Azure that are held back. */
export interface PlanContext
  extends Omit<StageContext, "log" | "telemetry">,
    Pick<IngestContext, "uploadsContainer" | "vhdWithoutManifest"> {
  /** The calls that the services held back since the last time. */
  readonly takeCalls: () => readonly PlannedCall[];
}

/** The context of the stages within a plan. */
export type Planning = PlanContext & StageContext;
