/** A right that the app's identity does not have. */
export interface DeniedAction {
  /** E.g. `Microsoft.Storage/storageAccounts/listKeys/action`; `*` stands for any text. */
  readonly action: string;
  /** A part of the resource's id, in any case; absent: everywhere. */
  readonly scope?: string | undefined;
}

/** How the simulated service is set up, beyond what is in it. */
export interface SimulatorSettings {
  readonly denied: readonly DeniedAction[];
  /**
   * What becomes of a DELETE of a version that is being created; what the service does is not known.
   * `Refuse`: 409; `Accept`: 202, and the creation is abandoned.
   */
  readonly deleteWhileCreating: "Refuse" | "Accept";
  /** Seconds; `Retry-After` of the answer to the DELETE of a gallery, definition or version. */
  readonly deleteRetryAfter: number;
}

/** All rights, and what has been recorded of the service. */
export const INITIAL_SETTINGS: SimulatorSettings = {
  denied: [],
  deleteWhileCreating: "Refuse",
  deleteRetryAfter: 60,
};
