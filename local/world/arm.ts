import { join } from "node:path";
import type { Exchange } from "../arm-simulator/control/exchanges.ts";
import { startArmSimulator } from "../arm-simulator/server.ts";
import { UsageError } from "../usage-error.ts";
import { LOCAL_DEFAULTS, listTargets } from "./app-settings.ts";
import type { Environment } from "./child.ts";
import { LOOPBACK } from "./local-ports.ts";
import type { Storage } from "./storage.ts";

export type ArmOptions = {
  /** 0 asks for any free port. */
  readonly port: number;
  /** Directory for the certificate file. */
  readonly tempDir: string;
  /** Where the blobs are that images are made from. */
  readonly storage: Storage;
  /** Settings that say which subscriptions and resource groups there are, and `ARM_…`. */
  readonly environment: Environment;
  /** Where the simulator keeps its images; in memory unless given. */
  readonly stateFile?: string;
  readonly log: (line: string) => void;
};

/** The API simulator, in this process. */
export type Arm = {
  readonly url: string;
  /** PEM file with the certificate authority that its certificate is from. */
  readonly caFile: string;
  /** Managed identity endpoint that gives out tokens for it. */
  readonly identity: { readonly endpoint: string; readonly header: string };
  /** Every request to it and the answer, oldest first. */
  listExchanges(): readonly Exchange[];
  close(): Promise<void>;
};

const DEFAULT_POLLS = 2;

/** A variable of the local world has a value that it cannot have. */
export class LocalSettingError extends UsageError {
  override readonly name = "LocalSettingError";
}

/**
 * Starts the API simulator for the targets that the settings allow.
 *
 * @throws {LocalSettingError} if `ARM_POLLS` is not a whole number.
 */
export function startArm(options: ArmOptions): Promise<Arm> {
  const { port, tempDir, storage, environment, stateFile, log } = options;
  const targets = listTargets(environment);
  const recordFile = environment.ARM_RECORD;
  return startArmSimulator({
    host: LOOPBACK,
    port,
    subscriptions: [...new Set(targets.map(({ subscriptionId }) => subscriptionId))],
    resourceGroups: [...new Set(targets.map(({ resourceGroup }) => resourceGroup))],
    location: environment.IMAGE_LOCATION ?? LOCAL_DEFAULTS.IMAGE_LOCATION,
    storage: {
      blobEndpoint: storage.blobRoot,
      aliases: storage.blobAliases ?? [],
      accounts: storage.accounts,
    },
    pollsInProgress: readPolls(environment.ARM_POLLS),
    caFile: join(tempDir, "arm-ca.pem"),
    log,
    ...(recordFile ? { recordFile } : {}),
    ...(stateFile === undefined ? {} : { stateFile }),
  });
}

/** Returns how often an operation is answered "in progress" before it ends. */
function readPolls(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_POLLS;
  if (!/^\d{1,6}$/.test(text)) {
    throw new LocalSettingError(`ARM_POLLS must be a whole number of at least 0, not "${text}"`);
  }
  return Number(text);
}
