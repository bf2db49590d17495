/**
 * The status document as far as the page shows it (docs/status-api.md). What an older app does not send
 * is optional here, and a state is any text: the page shows what it does not know as it comes.
 */
export interface Status {
  readonly requestId: string;
  readonly state: string;
  readonly kind: string;
  readonly source: string;
  readonly image: Image | null;
  readonly outputs?: readonly Output[];
  readonly disks: readonly Disk[];
  readonly warnings: readonly string[];
  readonly error: Failure | null;
  readonly retrying: {
    readonly code: string;
    readonly message: string;
    readonly attempts: number;
  } | null;
  readonly retryOf?: string | null;
  readonly retriedBy?: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly completedAt: string | null;
  readonly events: readonly StatusEvent[];
}

export interface Image {
  readonly name: string;
  readonly resourceGroup: string | null;
  readonly location: string | null;
  readonly id: string | null;
}

export interface StatusEvent {
  readonly at: string;
  readonly state: string;
  readonly message: string;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly fix: string | null;
  readonly retryable: boolean;
  readonly target: string | null;
  readonly details: readonly {
    readonly code: string;
    readonly message: string;
    readonly target: string | null;
  }[];
}

export interface Output {
  readonly kind: string;
  readonly state: string;
  readonly id: string | null;
  readonly version?: string | null;
  readonly error: Failure | null;
  readonly replication?: {
    readonly aggregatedState?: string | null;
    readonly regions?: readonly Region[];
  } | null;
}

export interface Region {
  readonly region: string;
  readonly state: string;
  /** Percent. */
  readonly progress?: number | null;
  readonly details?: string | null;
}

export interface Disk {
  readonly role: string;
  readonly lun?: number;
  readonly blob: string | null;
  readonly resource?: string;
  readonly state: string;
  readonly detail: string | null;
  readonly conversion?: Conversion | null;
  readonly inspection: Inspection | null;
  readonly warnings: readonly string[];
}

export interface Conversion {
  readonly from: string;
  readonly to: string;
  readonly mode?: string;
  readonly bytesTotal: number;
  readonly bytesDone: number;
  readonly calls?: number;
  readonly secondsLeft?: number;
}

export interface Inspection {
  readonly format: string;
  readonly virtualSize: number | null;
  readonly partitionTable: string;
  readonly partitions: readonly {
    readonly type: string;
    readonly size: number;
    readonly fileSystem: string | null;
    readonly label?: string | undefined;
  }[];
  readonly osType: string | null;
  readonly hyperVGeneration: string | null;
  readonly architecture: string | null;
  readonly confidence: string;
  readonly reasons: readonly string[];
}

/** States in the order in which a request passes them; the last three are ends. */
export const STATES = [
  "received",
  "waiting",
  "converting",
  "submitting",
  "creating",
  "succeeded",
  "failed",
  "canceled",
] as const;

const ENDS: ReadonlySet<string> = new Set(["succeeded", "failed", "canceled"]);

/** Whether nothing follows this state any more. */
export function isEnd(state: string): boolean {
  return ENDS.has(state);
}

/** How a state is shown; always with its word, never by colour alone. */
export type Tone = "good" | "bad" | "ended" | "busy";

const GOOD: ReadonlySet<string> = new Set(["succeeded", "complete", "completed", "external"]);
const BAD: ReadonlySet<string> = new Set(["failed", "missing", "unusable"]);

/** The tone of a state of a request, a disk, an output or a region. */
export function toneOf(state: string): Tone {
  const word = state.toLowerCase();
  if (GOOD.has(word)) return "good";
  if (BAD.has(word)) return "bad";
  return word === "canceled" ? "ended" : "busy";
}

/** What a disk is called: its blob, or where else it is. */
export function nameOfDisk({ blob, resource }: Pick<Disk, "blob" | "resource">): string {
  return blob ?? resource ?? "a disk";
}
