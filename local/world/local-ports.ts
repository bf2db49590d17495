import { createServer } from "node:net";

/** Everything listens here and nowhere else. */
export const LOOPBACK = "127.0.0.1";

/** The services of the local world, with the flag and the variable that set each one's port. */
export const PORT_SOURCES = {
  functions: { flag: "port", variable: "LOCAL_PORT", standard: 7071 },
  blob: { flag: "blob-port", variable: "LOCAL_BLOB_PORT", standard: 10000 },
  queue: { flag: "queue-port", variable: "LOCAL_QUEUE_PORT", standard: 10001 },
  table: { flag: "table-port", variable: "LOCAL_TABLE_PORT", standard: 10002 },
  arm: { flag: "arm-port", variable: "LOCAL_ARM_PORT", standard: 10443 },
} as const;

export type ServiceName = keyof typeof PORT_SOURCES;

/** A port per service; 0 asks for any free one. */
export type Ports = Readonly<Record<ServiceName, number>>;

/** Every port free: what tests and the demo use. */
export const FREE_PORTS: Ports = { functions: 0, blob: 0, queue: 0, table: 0, arm: 0 };

/** A requested port belongs to another process. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";

  constructor(service: ServiceName, port: number, cause: unknown) {
    const { flag, variable } = PORT_SOURCES[service];
    super(
      `port ${port} (${service}) cannot be used: ${describeCause(cause)}. ` +
        `Choose another with --${flag} N or ${variable}=N, or free ones for all with --port 0.`,
      { cause },
    );
  }
}

/**
 * Resolves when every port that is not 0 can be listened on.
 *
 * @throws {PortTakenError} for the first one that cannot.
 */
export async function assertPortsFree(ports: Ports): Promise<void> {
  for (const [service, port] of Object.entries(ports) as [ServiceName, number][]) {
    if (port === 0) continue;
    await tryListen(port).catch((error: unknown) => {
      throw new PortTakenError(service, port, error);
    });
  }
}

function tryListen(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => server.close(() => resolve()));
  });
}

function describeCause(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "EADDRINUSE") return "another process listens on it";
  if (code === "EACCES") return "this user may not listen on it";
  return String(cause);
}
