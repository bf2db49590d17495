import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { connectThrough, type FaultProxy, startFaultProxy } from "../fault-proxy/index.ts";
import { EMULATOR_ACCOUNT } from "../world/accounts.ts";
import { buildAppEnvironment } from "../world/app-settings.ts";
import { type Arm, startArm } from "../world/arm.ts";
import type { Environment } from "../world/child.ts";
import { createTempDir } from "../world/folders.ts";
import { FREE_PORTS } from "../world/local-ports.ts";
import type { PartDiedError } from "../world/part-errors.ts";
import { createPartScope, type PartScope } from "../world/part-scope.ts";
import { type Storage, startStorage } from "../world/storage.ts";
import { createInstance, type Instance } from "./instance.ts";

export type ArenaOptions = {
  /** Directory with the built app; this project unless given. */
  readonly appDir?: string;
  /** App settings that win over the local ones. */
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
};

/** Two instances of the app on one storage account, with a proxy for faults between. */
export type Arena = {
  readonly instances: readonly Instance[];
  /** Where the app answers, and the key that both instances take. */
  readonly app: { readonly urls: readonly string[]; readonly key: string };
  /** Connection string of the account as it is, without the proxy. */
  readonly connectionString: string;
  /** Root of the account's blobs as the app knows it, without a slash at the end. */
  readonly blobUrl: string;
  readonly proxy: FaultProxy;
  readonly arm: Arm;
  /** Resolves when storage ends that nobody asked to. */
  readonly died: Promise<PartDiedError>;
  close(): Promise<void>;
};

const INSTANCES = 2;
const PROJECT_DIR = fileURLToPath(new URL("../../", import.meta.url));

/** Starts storage, proxy, the images API and two instances; whatever fails, nothing stays behind. */
export async function startArena(options: ArenaOptions): Promise<Arena> {
  const scope = createPartScope((error) => options.log(`while stopping: ${String(error)}`));
  try {
    return await startParts(options, scope);
  } catch (error) {
    await scope.cleanup.run();
    throw error;
  }
}

async function startParts({ appDir, settings, log }: ArenaOptions, scope: PartScope) {
  const environment = { ...process.env, ...settings };
  const tempDir = await createTempDir(scope.cleanup);
  const storage = await startStorage(
    {
      ports: FREE_PORTS,
      environment: { ...environment, LOCAL_WORLD_TEMP_DIR: tempDir },
      log: prefix(log, "storage"),
    },
    scope,
  );
  const proxy = await startFaultProxy(storage.roots);
  scope.cleanup.add(() => proxy.close());
  const arm = await startArm({
    port: 0,
    tempDir,
    storage: { ...storage, blobAliases: [proxy.roots.blob] },
    environment,
    log: prefix(log, "arm"),
  });
  scope.cleanup.add(() => arm.close());
  const key = randomBytes(32).toString("base64url");
  const appEnvironment: Environment = {
    ...buildAppEnvironment(environment, { connectionString: connectThrough(proxy), arm }),
    FUNCTIONS_HOST_KEY: key,
  };
  const app = { appDir: appDir ?? PROJECT_DIR, port: 0, environment: appEnvironment };
  const instances = Array.from({ length: INSTANCES }, (_, index) =>
    createInstance({ ...app, log: prefix(log, `app ${index}`) }),
  );
  for (const instance of instances) scope.cleanup.add(() => instance.stop());
  const ready = await Promise.all(instances.map((instance) => instance.start()));
  return describe(storage, { proxy, arm, instances, scope, key, urls: ready.map((it) => it.url) });
}

type Parts = Pick<Arena, "proxy" | "arm" | "instances"> & {
  readonly scope: PartScope;
  readonly key: string;
  readonly urls: readonly string[];
};

function describe(storage: Storage, { scope, key, urls, ...parts }: Parts): Arena {
  return {
    ...parts,
    app: { urls, key },
    connectionString: storage.connectionString,
    blobUrl: `${parts.proxy.roots.blob}/${EMULATOR_ACCOUNT.name}`,
    died: scope.died,
    close: () => scope.cleanup.run(),
  };
}

function prefix(log: (line: string) => void, part: string): (line: string) => void {
  return (line) => log(`${new Date().toISOString()} ${part.padEnd(7)} | ${line}`);
}
