import { setTimeout as sleep } from "node:timers/promises";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import type { Exchange } from "../../local/arm-simulator/control/exchanges.ts";
import { createSimulatorClient } from "../../local/chaos/simulator-client.ts";
import { imageContent, putPageBlob } from "../../local/disk-upload/index.ts";
import { buildSampleVhd, MIB, type SampleName } from "../../local/sample-vhds/index.ts";
import type { StorageAccount } from "../../local/world/accounts.ts";
import { startWorld, type World, type WorldOptions } from "../../local/world/index.ts";
import type { StatusView } from "../../shared/http/status-view.ts";
import { isTerminal } from "../../shared/record/states.ts";
import { leaseAccount } from "../storage/lease.ts";

/** The built app in the local world, with the hands of a user. */
export interface TestWorld {
  readonly world: World;
  /** The app's own storage account. */
  readonly account: StorageAccount;
  readonly uploads: ContainerClient;
  /** What the parts of the world have written so far. */
  readonly log: readonly string[];
  /** A GET below `/api/` with the function key. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  putManifest(name: string, manifest: unknown): Promise<void>;
  putVhd(name: string, options?: VhdOptions): Promise<void>;
  /** The newest status of a source, as soon as it satisfies `until`; a terminal one unless said. */
  status(source: string, until?: (status: StatusView) => boolean): Promise<StatusView>;
  /** Every status of a source, newest first. */
  statuses(source: string): Promise<readonly StatusView[]>;
  /** What the simulator was asked and answered; PUTs of images unless another method is named. */
  exchanges(method?: string): readonly Exchange[];
  /** Orders a fault of the simulator. */
  fault(fault: unknown): Promise<void>;
  /** Forgets the faults that have not struck. */
  clearFaults(): Promise<void>;
  simulator(route: string, body: unknown): Promise<void>;
  close(): Promise<void>;
}

export interface VhdOptions {
  readonly sample?: SampleName;
  readonly metadata?: Record<string, string>;
  readonly sizeBytes?: number;
}

type TestWorldOptions = Pick<WorldOptions, "appDir" | "nodePath"> & {
  /** Whether disks are converted, for which storage is reached by way of its front; false unless given. */
  readonly converts?: boolean;
};

const IDENTITY = {
  uuid: "11111111-2222-4333-8444-555555555555",
  createdAt: new Date("2026-01-01T00:00:00Z"),
};
const DEADLINE_MILLISECONDS = 90_000;
/** Between two looks of one that waits, for each of those who wait: a world is asked so often in all. */
const LOOK_MILLISECONDS = 250;
const MIN_PAUSE_MILLISECONDS = 400;

/**
 * Starts a world of a test's own, on free ports; `options` say where another app is, which Node runs
 * it, and whether disks are converted. `onLine` gets every line that its parts write, also those of the
 * status routes, which are too many for the log.
 */
export async function startTestWorld(
  settings: Record<string, string> = {},
  onLine: (line: string) => void = () => {},
  { converts = false, ...app }: TestWorldOptions = {},
): Promise<TestWorld> {
  const log: string[] = [];
  const { roots, account, example } = leaseAccount(converts ? "front" : "direct");
  const world = await startWorld({
    ...app,
    storage: { roots, account, example },
    settings: { ARM_POLLS: "1", ...settings },
    log: (line) => {
      onLine(line);
      if (!line.includes("Function.status-")) log.push(line);
    },
  });
  const uploads = BlobServiceClient.fromConnectionString(world.connectionString).getContainerClient(
    "uploads",
  );
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${world.functions.url}/api/${path}`, {
      headers: { "x-functions-key": world.functions.key, ...headers },
    });
  const statuses = async (source: string): Promise<readonly StatusView[]> => {
    const answer = await get(`status?source=${encodeURIComponent(source)}`);
    if (!answer.ok) throw new Error(`GET status answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { items: StatusView[] }).items;
  };
  let waiting = 0;
  const waitForStatus: TestWorld["status"] = async (
    source,
    until = ({ state }) => isTerminal(state),
  ) => {
    const deadline = Date.now() + DEADLINE_MILLISECONDS;
    let last: StatusView | undefined;
    while (Date.now() < deadline) {
      [last] = await statuses(source);
      if (last !== undefined && until(last)) return last;
      await sleep(Math.max(MIN_PAUSE_MILLISECONDS, waiting * LOOK_MILLISECONDS));
    }
    throw new Error(
      `${source} did not come so far: ${JSON.stringify(last)}\n${log.slice(-40).join("\n")}`,
    );
  };
  const client = await createSimulatorClient(world.arm);
  const simulator = async (route: string, body: unknown): Promise<void> => {
    await client.send("POST", `/_simulator/${route}`, body);
  };
  return {
    world,
    account,
    uploads,
    log,
    get,
    statuses,
    simulator,
    fault: (fault) => simulator("faults", fault),
    clearFaults: client.clearFaults,
    async putManifest(name, manifest) {
      const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
      await uploads.getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
    },
    async putVhd(name, { sample = "linux-gen2", metadata = {}, sizeBytes = 512 * MIB } = {}) {
      const image = buildSampleVhd(sample, { ...IDENTITY, virtualSizeBytes: sizeBytes });
      await putPageBlob(uploads.getPageBlobClient(name), imageContent(image), { metadata });
    },
    async status(source, until) {
      waiting += 1;
      try {
        return await waitForStatus(source, until);
      } finally {
        waiting -= 1;
      }
    },
    exchanges: (method = "PUT") =>
      world.arm.listExchanges().filter((exchange) => exchange.method === method),
    close: () => world.close(),
  };
}

/** The body of the only PUT for an image of this name; fails when there were more or none. */
export async function putBodyOf(test: TestWorld, imageName: string): Promise<unknown> {
  const puts = test
    .exchanges()
    .filter(({ url }) => new URL(url).pathname.endsWith(`/images/${imageName}`));
  if (puts.length !== 1) throw new Error(`${imageName} was requested ${puts.length} times`);
  return puts[0]?.body;
}
