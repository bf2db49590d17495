import type { HostFaults } from "./faults.ts";
import type { GivenKeys } from "./keys.ts";
import type { AppSettings } from "./settings.ts";

/** Why the host has to end its process at once, as the real host does with its worker. */
export type AbruptEnd = "functionTimeout" | "killAfter";

export interface FunctionsHostOptions {
  /** Folder with host.json and package.json. */
  readonly appDirectory: string;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Port to listen on; default 0, any free one. */
  readonly port?: number;
  /** App settings: the app's environment variables, `%NAME%` in bindings, and connections. */
  readonly settings: AppSettings;
  /** Connection string of AzureWebJobsStorage, the host's own account. */
  readonly hostStorage: string;
  /** Fixed keys; those not given are generated. */
  readonly keys?: GivenKeys;
  readonly faults?: HostFaults;
  /** Takes the log's lines; default none. */
  readonly log?: (line: string) => void;
  /** Seconds between two listings of a container, default 2 as the emulator strategy has it. */
  readonly blobPollSeconds?: number;
  /** Seconds for which a received queue message is invisible, default 600 as in the host. */
  readonly queueLeaseSeconds?: number;
  /** Whether listings stand in for Event Grid; default true. The webhook works either way. */
  readonly synthesizeBlobEvents?: boolean;
  /** Ends the process; default exit code 124 for a timeout and SIGKILL for the fault. */
  readonly endProcess?: (reason: AbruptEnd) => void;
}
