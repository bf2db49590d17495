import { createRequire } from "node:module";
import type { StorageAccount, StorageEndpoints } from "./accounts.ts";
import { type Child, type Environment, spawnChild } from "./child.ts";
import { LOOPBACK, type Ports } from "./local-ports.ts";

export type AzuriteOptions = {
  readonly ports: Pick<Ports, "blob" | "queue" | "table">;
  /** Directory to keep the data in; in memory unless given. */
  readonly dataDir?: string;
  readonly accounts: readonly StorageAccount[];
  readonly environment: Environment;
  readonly log: (line: string) => void;
};

/** The storage emulator as a child process. */
export type Azurite = {
  readonly child: Child;
  /** Resolves with the service roots, without account name, once all three services listen. */
  readonly ready: Promise<StorageEndpoints>;
};

const SCRIPT = createRequire(import.meta.url).resolve("azurite/dist/src/azurite.js");
const START_TIMEOUT_MS = 30_000;
const LISTENING = /^Azurite (Blob|Queue|Table) service is successfully listening at (\S+)/;

/** Starts Azurite; the caller stops `child`, also when `ready` rejects. */
export function startAzurite(options: AzuriteOptions): Azurite {
  const { blob, queue, table } = options.ports;
  const child = spawnChild({
    name: "storage (Azurite)",
    script: SCRIPT,
    args: [
      "--silent",
      "--disableTelemetry",
      "--skipApiVersionCheck",
      ...["--blobHost", LOOPBACK, "--queueHost", LOOPBACK, "--tableHost", LOOPBACK],
      ...["--blobPort", `${blob}`, "--queuePort", `${queue}`, "--tablePort", `${table}`],
      ...(options.dataDir === undefined
        ? ["--inMemoryPersistence"]
        : ["--location", options.dataDir]),
    ],
    environment: { ...options.environment, AZURITE_ACCOUNTS: formatAccounts(options.accounts) },
    log: options.log,
  });
  return { child, ready: readEndpoints(child) };
}

function formatAccounts(accounts: readonly StorageAccount[]): string {
  return accounts.map(({ name, key }) => `${name}:${key}`).join(";");
}

/** Azurite says where it listens, which is how a free port that it was given (0) becomes known. */
async function readEndpoints(child: Child): Promise<StorageEndpoints> {
  const waitFor = (service: string): Promise<string> =>
    child.waitForOutput((line) => {
      const [, name, url] = LISTENING.exec(line) ?? [];
      return name === service ? url : undefined;
    }, START_TIMEOUT_MS);
  const [blob, queue, table] = await Promise.all([
    waitFor("Blob"),
    waitFor("Queue"),
    waitFor("Table"),
  ]);
  return { blob, queue, table };
}
