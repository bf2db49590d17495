import type { Generation, OsState, OsType } from "../vocabulary.ts";

/** Values for what an upload does not say. */
export interface ImageDefaults {
  readonly subscriptionId: string | null;
  readonly resourceGroup: string | null;
  readonly location: string | null;
  readonly osType: OsType | null;
  readonly osState: OsState | null;
  readonly hyperVGeneration: Generation;
}
