import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  connectThrough,
  type FaultProxy,
  type StorageExchange,
  startFaultProxy,
} from "../../local/fault-proxy/index.ts";
import { buildAppEnvironment } from "../../local/world/app-settings.ts";
import { type Arm, startArm } from "../../local/world/arm.ts";
import { createTempDir } from "../../local/world/folders.ts";
import { startFunctionsHost } from "../../local/world/functions-host.ts";
import { FREE_PORTS } from "../../local/world/local-ports.ts";
import { createPartScope, type PartScope } from "../../local/world/part-scope.ts";
import { waitForStorage } from "../../local/world/prepared-storage.ts";
import { startStorage } from "../../local/world/storage.ts";
import { bundle, ROOT } from "../../scripts/bundle.ts";

/** The local world with everything counted that goes to storage. */
export interface CostWorld {
  readonly url: string;
  readonly key: string;
  readonly masterKey: string;
  /** Connection string of the account past the proxies: what uploads use is not counted. */
  readonly connectionString: string;
  readonly arm: Arm;
  /** What the app sent so far. */
  readonly appExchanges: readonly StorageExchange[];
  /** What the stand-in for the Functions host sent so far. */
  readonly hostExchanges: readonly StorageExchange[];
  close(): Promise<void>;
}

/** Starts the built app with these settings. @param log takes every line that it writes */
export async function startCostWorld(
  settings: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<CostWorld> {
  const scope = createPartScope((error) => console.error(error));
  try {
    return await startParts(settings, scope, log);
  } catch (error) {
    await scope.cleanup.run();
    throw error;
  }
}

async function startParts(
  settings: Readonly<Record<string, string>>,
  scope: PartScope,
  log: (line: string) => void,
): Promise<CostWorld> {
  const tempDir = await createTempDir(scope.cleanup);
  const environment = { ...process.env, ...settings, LOCAL_WORLD_TEMP_DIR: tempDir };
  const ignore = (): void => {};
  const storage = await startStorage({ ports: FREE_PORTS, environment, log: ignore }, scope);
  const ofApp = await startCounter(storage.roots, scope);
  const ofHost = await startCounter(storage.roots, scope);
  const arm = await startArm({
    port: 0,
    tempDir,
    storage: { ...storage, blobAliases: [ofApp.proxy.roots.blob] },
    environment,
    log: ignore,
  });
  scope.cleanup.add(() => arm.close());
  const appEnvironment = buildAppEnvironment(environment, {
    connectionString: connectThrough(ofApp.proxy),
    arm,
  });
  const app = startFunctionsHost({
    appDir: await prepareApp(tempDir),
    port: 0,
    environment: { ...appEnvironment, ...routeHost(connectThrough(ofHost.proxy)) },
    log,
  });
  scope.cleanup.add(() => app.child.stop());
  const { url, hostKey: key, masterKey } = await app.ready;
  await waitForStorage(url);
  return {
    ...{ url, key, masterKey, connectionString: storage.connectionString },
    arm,
    appExchanges: ofApp.exchanges,
    hostExchanges: ofHost.exchanges,
    close: () => scope.cleanup.run(),
  };
}

/** A proxy that keeps what it passes on. */
interface Counter {
  readonly proxy: FaultProxy;
  readonly exchanges: readonly StorageExchange[];
}

async function startCounter(roots: FaultProxy["roots"], scope: PartScope): Promise<Counter> {
  const exchanges: StorageExchange[] = [];
  const proxy = await startFaultProxy(roots, (exchange) => exchanges.push(exchange));
  scope.cleanup.add(() => proxy.close());
  return { proxy, exchanges };
}

/** The host looks for a connection under a name of its own first, so its way can be another than the app's. */
function routeHost(connectionString: string): Readonly<Record<string, string>> {
  return { AzureWebJobsStorage: connectionString, AzureWebJobsImageStorage: connectionString };
}

/** Makes a folder with the app as built and, as a second entry file, what tags its runs. */
async function prepareApp(folder: string): Promise<string> {
  for (const part of ["dist", "host.json"]) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  await bundle("bench/costs/tag-runs.ts", join(folder, "tag-runs"));
  const main = "{dist,tag-runs}/index.cjs";
  writeFileSync(join(folder, "package.json"), JSON.stringify({ main }));
  return folder;
}
