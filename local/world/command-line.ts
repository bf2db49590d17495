import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../usage-error.ts";
import type { Environment } from "./child.ts";
import { PORT_SOURCES, type Ports, type ServiceName } from "./local-ports.ts";

export type LocalCommand =
  | { readonly kind: "help" }
  | {
      readonly kind: "start";
      readonly ports: Ports;
      readonly dataDir?: string;
      readonly appDir?: string;
    };

export const HELP = `npm run local -- [options]

Starts everything on 127.0.0.1: storage (Azurite), the images API simulator and the function app.
When everything is ready, prints one line of JSON on standard output. Ctrl-C stops it.

  --port N         port of the function app (LOCAL_PORT, 7071)
                   0: a free port for every part without a port of its own
  --blob-port N    port of the blob service (LOCAL_BLOB_PORT, 10000)
  --queue-port N   port of the queue service (LOCAL_QUEUE_PORT, 10001)
  --table-port N   port of the table service (LOCAL_TABLE_PORT, 10002)
  --arm-port N     port of the images API simulator (LOCAL_ARM_PORT, 10443)
  --data DIR       keep the storage account and images in DIR (default: in memory)
  --app DIR        run the function app in DIR (default: this project)
  --help           print this text

App settings in the environment override the local ones, for example SETTLE_SECONDS=10.
ARM_POLLS=N      number of "in progress" answers before an image is ready (2)
ARM_RECORD=FILE  appends each exchange with the images API to FILE as a line of JSON
`;

/**
 * Returns what the command line asks for.
 *
 * @throws {UsageError} for an unknown option or a port that is none.
 */
export function readCommandLine(args: readonly string[], environment: Environment): LocalCommand {
  const values = parse(args);
  if (values.help === true) return { kind: "help" };
  const ports = readPorts(values, environment);
  const { data, app } = values;
  return {
    kind: "start",
    ports,
    ...(typeof data === "string" ? { dataDir: resolve(data) } : {}),
    ...(typeof app === "string" ? { appDir: resolve(app) } : {}),
  };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function parse(args: readonly string[]): Values {
  const flags = Object.values(PORT_SOURCES).map(({ flag }) => [flag, { type: "string" }] as const);
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(flags),
        data: { type: "string" },
        app: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${reason}\n\n${HELP}`, { cause });
  }
}

function readPorts(values: Values, environment: Environment): Ports {
  const { flag, variable } = PORT_SOURCES.functions;
  const allFree = (values[flag] ?? environment[variable]) === "0";
  const read = (service: ServiceName): number => {
    const source = PORT_SOURCES[service];
    const given = values[source.flag] ?? environment[source.variable];
    if (given === undefined || given === "") return allFree ? 0 : source.standard;
    return readPort(String(given), source);
  };
  return {
    functions: read("functions"),
    blob: read("blob"),
    queue: read("queue"),
    table: read("table"),
    arm: read("arm"),
  };
}

function readPort(text: string, source: { flag: string; variable: string }): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new UsageError(
      `--${source.flag} (${source.variable}) must be a port from 0 to 65535, not "${text}"`,
    );
  }
  return port;
}
