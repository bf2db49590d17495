import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StorageEndpoints } from "./accounts.ts";
import { buildAppEnvironment, type WorldEndpoints } from "./app-settings.ts";
import { type Arm, startArm } from "./arm.ts";
import type { Environment } from "./child.ts";
import { createTempDir, prepareDataDir } from "./folders.ts";
import type { FunctionsHostOptions } from "./functions-host.ts";
import { createHostKeeper, type HostKeeper } from "./host-keeper.ts";
import { assertPortsFree, FREE_PORTS, type Ports } from "./local-ports.ts";
import type { PartDiedError } from "./part-errors.ts";
import { createPartScope, type PartScope } from "./part-scope.ts";
import { waitForStorage } from "./prepared-storage.ts";
import { describeStorage, type RunningStorage, startStorage } from "./storage.ts";

export type WorldOptions = {
  /** 0, the default of each, asks for any free port. */
  readonly ports?: Partial<Ports>;
  /** A storage emulator that runs already, which closing the world leaves alone; else one is started. */
  readonly storage?: RunningStorage;
  /** Directory to keep storage account and images in; in memory unless given. */
  readonly dataDir?: string;
  /** Directory with package.json and host.json of the app; this project unless given. */
  readonly appDir?: string;
  /** Path of the Node executable that runs the app; that of this process unless given. */
  readonly nodePath?: string;
  /** App settings that win over everything else. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Environment that wins over the local defaults; that of this process unless given. */
  readonly environment?: Environment;
  /** Takes every line that a part writes, with the part's name before it; nothing unless given. */
  readonly log?: (line: string) => void;
  /** Takes the name of each part when its start begins; nothing unless given. */
  readonly onStarting?: (part: string) => void;
  /** Stops a start that is under way; afterwards it has no effect. */
  readonly signal?: AbortSignal;
};

/** Everything that runs, and how to reach it. URLs have no trailing slash. */
export type World = {
  readonly functions: { readonly url: string; readonly key: string; readonly masterKey: string };
  /** Service URLs of the app's storage account, account name included. */
  readonly storage: StorageEndpoints;
  readonly connectionString: string;
  readonly arm: Arm;
  /** Process id of the functions host; changes when it is started again. */
  readonly hostPid: number;
  /** Resolves when a part ends that nobody asked to; stays pending otherwise. */
  readonly died: Promise<PartDiedError>;
  /** Stops the functions host if it runs and starts it again: same port, same keys. */
  restartHost(): Promise<void>;
  /** Ends the functions host with SIGKILL. The rest keeps running. */
  killHost(): Promise<void>;
  /** Stops everything; resolves when no process and no temporary file is left. */
  close(): Promise<void>;
};

type Log = (line: string) => void;

const PROJECT_DIR = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Starts storage, API simulator and the function app, in this order, and resolves when the app
 * answers. Whatever goes wrong on the way, nothing stays behind.
 *
 * @throws {PortTakenError} if a port is not free.
 * @throws {PartDiedError} or {@link PartStartError} if a part does not come up.
 * @throws the signal's reason if it is aborted before the world is ready.
 */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { signal, log = () => {} } = options;
  signal?.throwIfAborted();
  const scope = createPartScope((error) => log(`local | while stopping: ${String(error)}`));
  const abort = (): void => void scope.cleanup.run();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const died = scope.died.then((error) => Promise.reject(error));
    const world = await Promise.race([startParts(options, scope, log), died]);
    signal?.throwIfAborted();
    return world;
  } catch (error) {
    await scope.cleanup.run();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

async function startParts(options: WorldOptions, scope: PartScope, log: Log): Promise<World> {
  const ports = { ...FREE_PORTS, ...options.ports };
  const environment = { ...(options.environment ?? process.env), ...options.settings };
  const { dataDir, nodePath, appDir = PROJECT_DIR } = options;
  const starting = options.onStarting ?? (() => {});
  await assertPortsFree(ports);
  if (dataDir !== undefined) await prepareDataDir(dataDir);
  const tempDir = await createTempDir(scope.cleanup);
  if (options.storage === undefined) starting("storage (Azurite)");
  const storage = options.storage
    ? describeStorage(options.storage)
    : await startStorage(
        {
          ports,
          environment: { ...environment, LOCAL_WORLD_TEMP_DIR: tempDir },
          log: prefix(log, "storage"),
          ...(dataDir === undefined ? {} : { dataDir }),
        },
        scope,
      );
  starting("the Azure API simulator");
  const arm = await startArm({
    port: ports.arm,
    tempDir,
    storage,
    environment,
    log: prefix(log, "arm"),
    ...(dataDir === undefined ? {} : { stateFile: join(dataDir, "arm-simulator.json") }),
  });
  scope.cleanup.add(() => arm.close());
  const { connectionString } = storage;
  const app = {
    appDir,
    port: ports.functions,
    environment,
    log: prefix(log, "app"),
    ...(nodePath === undefined ? {} : { nodePath }),
  };
  const host = createAppHost(app, { connectionString, arm }, scope);
  starting("the app");
  const { url, hostKey, masterKey } = await host.start();
  await waitForStorage(url);
  return {
    functions: { url, key: hostKey, masterKey },
    storage: storage.endpoints,
    connectionString,
    arm,
    get hostPid() {
      return host.pid;
    },
    died: scope.died,
    restartHost: async () => {
      await host.stop();
      await host.start();
    },
    killHost: () => host.kill(),
    close: () => scope.cleanup.run(),
  };
}

/** Returns the keeper of a host with fresh keys, which the environment may fix too. */
function createAppHost(
  options: FunctionsHostOptions,
  endpoints: WorldEndpoints,
  scope: PartScope,
): HostKeeper {
  const host = createHostKeeper({
    ...options,
    environment: {
      FUNCTIONS_HOST_KEY: createKey(),
      FUNCTIONS_MASTER_KEY: createKey(),
      ...buildAppEnvironment(options.environment, endpoints),
    },
    onDied: scope.reportDeath,
  });
  scope.cleanup.add(() => host.stop());
  return host;
}

/** Returns a log that names the part before each line, in a column of its own. */
function prefix(log: Log, part: string): Log {
  return (line) => log(`${part.padEnd(7)} | ${line}`);
}

function createKey(): string {
  return randomBytes(32).toString("base64url");
}
