/** Waiting times; all in seconds. */
export interface Timing {
  readonly settleSeconds: number;
  readonly settleMinSeconds: number;
  readonly waitDeadlineSeconds: number;
  readonly convertDeadlineSeconds: number;
  readonly createDeadlineSeconds: number;
  /** From the PUT of an image version until all its regions have it. */
  readonly replicateDeadlineSeconds: number;
  readonly retrySeconds: number;
  readonly pollSeconds: number;
  /** How long after its time a step counts as lost: the sweep then sends for it again. */
  readonly overdueSeconds: number;
  /** How long the record of a request is kept after its end; 0: without end. */
  readonly keepRecordsSeconds: number;
}
