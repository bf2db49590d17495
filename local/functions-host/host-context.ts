import type { FaultPlan } from "./faults.ts";
import type { HostConfig } from "./host-config.ts";
import type { Invoker } from "./invoke.ts";
import type { HostLog } from "./log.ts";
import type { AppSettings } from "./settings.ts";
import type { StorageAccounts } from "./storage.ts";

/** What every listener of one host works with. */
export interface HostContext {
  readonly hostId: string;
  readonly hostStorage: string;
  readonly settings: AppSettings;
  readonly config: HostConfig;
  readonly accounts: StorageAccounts;
  readonly invoker: Invoker;
  readonly faults: FaultPlan;
  readonly log: HostLog;
  readonly now: () => Date;
  /** Lets the listener of a queue, if there is one, look at it now: the host itself has added a message. */
  readonly wakeListener: (queueUrl: string) => void;
  /** Seconds for which a received queue message is invisible to others. */
  readonly queueLeaseSeconds: number;
  /** Seconds between the end of one blob listing and the start of the next. */
  readonly blobPollSeconds: number;
  /** Whether BlobCreated events are made up from listings for triggers with source EventGrid. */
  readonly synthesizeBlobEvents: boolean;
}

/** The container of the host's storage account in which the host keeps its own state. */
export const HOSTS_CONTAINER = "azure-webjobs-hosts";
