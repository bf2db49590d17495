import type { FaultQueue } from "./control/faults.ts";
import type { BlobJudge } from "./judge/judge-blob.ts";
import type { Store } from "./store.ts";

/** What the handlers of the simulated service work with. */
export interface Service {
  readonly store: Store;
  readonly faults: FaultQueue;
  readonly judgeBlob: BlobJudge;
  /** The service's own region. */
  readonly location: string;
  /** How many looks at an operation find it running. */
  readonly pollsInProgress: number;
  /** Seconds; sent with each answer about a running operation. */
  readonly retryAfterSeconds: number | undefined;
  readonly now: () => Date;
  /** `https://127.0.0.1:port`, for absolute URLs in answers. */
  readonly baseUrl: () => string;
}
