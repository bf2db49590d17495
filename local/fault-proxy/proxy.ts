import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createFaultSwitch,
  type FaultSwitch,
  STORAGE_FAULTS,
  STORAGE_SERVICES,
  type StorageFault,
  type StorageFaults,
  type StorageService,
} from "./faults.ts";
import { breakConnection, forward, relay, swallow, type Upstream } from "./forward.ts";
import { isRefusal, refuse } from "./refusals.ts";

const LOOPBACK = "127.0.0.1";

/** A URL per storage service, without a slash at the end. */
export type ServiceRoots = Readonly<Record<StorageService, string>>;

/** A request that storage answered. */
export type StorageExchange = {
  readonly service: StorageService;
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
  /** Length of the answer's body in bytes; 0 if the answer does not say. */
  readonly answerBytes: number;
};

/** A proxy in front of a storage emulator. */
export type FaultProxy = {
  /** Where clients reach the services. */
  readonly roots: ServiceRoots;
  /** Replaces all faults from the next request on; `{}` switches them off. */
  setFaults(faults: StorageFaults): void;
  /** How often each fault struck so far. */
  readonly struck: Readonly<Record<StorageFault, number>>;
  /** How many requests came so far. */
  readonly requests: number;
  /** Stops to listen and ends every connection. */
  close(): Promise<void>;
};

/**
 * Starts a proxy on free loopback ports that passes everything on unchanged until faults are set.
 * Signatures stay valid, because those of storage do not cover the host
 * (https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key).
 *
 * @param upstream roots of the services, without account name
 * @param observe told of every request that storage answered, as soon as the answer begins
 */
export async function startFaultProxy(
  upstream: ServiceRoots,
  observe: (exchange: StorageExchange) => void = () => {},
): Promise<FaultProxy> {
  const faults = createFaultSwitch();
  const struck = Object.fromEntries(STORAGE_FAULTS.map((fault) => [fault, 0])) as Record<
    StorageFault,
    number
  >;
  let requests = 0;
  const agent = new Agent({ keepAlive: true });
  const servers = STORAGE_SERVICES.map((service) => {
    const target = { root: new URL(upstream[service]), agent };
    const count = (fault: StorageFault | null): void => {
      requests += 1;
      if (fault !== null) struck[fault] += 1;
    };
    return createServer(createListener(service, target, faults, count, observe));
  });
  const urls = await Promise.all(servers.map(listen));
  const [blob = "", queue = "", table = ""] = urls;
  return {
    roots: { blob, queue, table },
    setFaults: (next) => faults.set(next),
    struck,
    get requests() {
      return requests;
    },
    async close() {
      await Promise.all(servers.map(stop));
      agent.destroy();
    },
  };
}

function createListener(
  service: StorageService,
  upstream: Upstream,
  faults: FaultSwitch,
  count: (fault: StorageFault | null) => void,
  observe: (exchange: StorageExchange) => void,
): RequestListener {
  return async (request, response) => {
    const { method = "GET", url: path = "/" } = request;
    const fault = faults.decide({ service, method, path });
    count(fault);
    if (fault === "resetBefore") return breakConnection(response);
    if (fault !== null && isRefusal(fault)) return refuse(fault, service, request, response);
    if (fault === "delay") await sleep(faults.delayMs);
    const finish = fault === "resetAfter" ? swallow : relay;
    forward(request, response, upstream, (answer) => {
      observe({ service, method, path, ...describeExchange(request, answer) });
      finish(answer, response);
    });
  };
}

function describeExchange(
  { headers }: IncomingMessage,
  answer: IncomingMessage,
): Pick<StorageExchange, "headers" | "status" | "answerBytes"> {
  const answerBytes = Number(answer.headers["content-length"] ?? 0);
  return { headers, status: answer.statusCode ?? 0, answerBytes };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) {
        resolve(`http://${LOOPBACK}:${address.port}`);
      }
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
