import { createServer } from "node:https";
import { createExchangeLog, type Exchange } from "./control/exchanges.ts";
import { createFaultQueue } from "./control/faults.ts";
import { writeCaFile } from "./http/ca-file.ts";
import { createLoopbackCertificates } from "./http/certificates.ts";
import { startIdentityEndpoint } from "./http/identity.ts";
import { listen, stopListening } from "./http/listen.ts";
import { createListener } from "./http/listener.ts";
import { createBlobJudge, type StorageOptions } from "./judge/judge-blob.ts";
import { normalizeLocation } from "./locations.ts";
import type { Service } from "./service.ts";
import { openStateFile } from "./state-file.ts";
import { createStore } from "./store.ts";

/** How to start an ARM simulator. */
export interface ArmSimulatorOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free port. */
  readonly port?: number;
  /** Subscriptions that exist; others are answered 404 `SubscriptionNotFound`. */
  readonly subscriptions: readonly string[];
  /** Resource groups that exist in each of them, besides the seeded `myResourceGroup`. */
  readonly resourceGroups: readonly string[];
  /** Location of the seeded resources; default "westus". */
  readonly location?: string;
  /** The storage emulator in which blobs are judged. */
  readonly storage: StorageOptions;
  /** How many looks at an operation find it running; default 2. */
  readonly pollsInProgress?: number;
  /** `Retry-After` of answers about a running operation, in seconds; default none. */
  readonly retryAfterSeconds?: number;
  /**
   * File that keeps images, operations, sources and resource groups: read at the start if it exists,
   * written before each answer that follows a change. Default: memory only.
   */
  readonly stateFile?: string;
  /** File to which each exchange is appended as a line of JSON. */
  readonly recordFile?: string;
  /** Where to write the CA's PEM; default a file in a new temporary folder. */
  readonly caFile?: string;
  /** Takes one line for each exchange; no secrets. */
  readonly log?: (line: string) => void;
  readonly now?: () => Date;
}

/** A running ARM simulator. */
export interface ArmSimulator {
  /** `https://127.0.0.1:port`: the app's `ARM_ENDPOINT`. */
  readonly url: string;
  /** PEM file for `NODE_EXTRA_CA_CERTS`. */
  readonly caFile: string;
  /** Values for `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`. */
  readonly identity: { readonly endpoint: string; readonly header: string };
  /** What `GET /_simulator/exchanges` answers, without the way over the socket. */
  listExchanges(): readonly Exchange[];
  /** Ends all connections and removes what was written, except for the record of exchanges. */
  close(): Promise<void>;
}

/**
 * Starts a simulator of the Azure Resource Manager's image API, and a managed identity endpoint.
 *
 * @throws ArmSimulatorError if a port is taken, a file cannot be written, the state file is damaged,
 * or the storage endpoint is not a URL
 */
export async function startArmSimulator(options: ArmSimulatorOptions): Promise<ArmSimulator> {
  const { host = "127.0.0.1", port = 0, log = () => {} } = options;
  await using started = new AsyncDisposableStack();
  const address = { url: "" };
  const service = createService(options, () => address.url);
  const { stateFile } = options;
  const state = stateFile === undefined ? undefined : openStateFile(stateFile, service.store);
  const save = (): void => state?.save();
  const exchanges = started.adopt(createExchangeLog(options.recordFile), (it) => it.close());
  const { ca, key, cert } = await createLoopbackCertificates();
  const server = createServer({ key, cert }, createListener({ service, exchanges, save, log }));
  const listeningPort = await listen(server, host, port, "The ARM simulator");
  started.defer(() => stopListening(server));
  address.url = `https://${host}:${listeningPort}`;
  const identity = started.adopt(await startIdentityEndpoint(host), (it) => it.close());
  const caFile = started.adopt(await writeCaFile(ca, options.caFile), (it) => it.remove());
  const running = started.move();
  return {
    url: address.url,
    caFile: caFile.path,
    identity: { endpoint: identity.endpoint, header: identity.header },
    listExchanges: () => [...exchanges.list()],
    close: () => running.disposeAsync(),
  };
}

function createService(options: ArmSimulatorOptions, baseUrl: () => string): Service {
  const { pollsInProgress = 2, retryAfterSeconds, now = () => new Date() } = options;
  const location = normalizeLocation(options.location ?? "westus");
  const { subscriptions, resourceGroups } = options;
  return {
    store: createStore({
      subscriptions,
      resourceGroups,
      storageAccounts: options.storage.accounts.map(({ name }) => name),
      location,
      createdAt: now(),
    }),
    faults: createFaultQueue(),
    judgeBlob: createBlobJudge(options.storage),
    location,
    pollsInProgress,
    retryAfterSeconds,
    now,
    baseUrl,
  };
}
