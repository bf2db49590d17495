import { HOST_VERSION } from "../core-module.ts";
import type { HostFunction } from "../functions.ts";
import { getFunctionKey, type HostKeys, isSameKey } from "../keys.ts";
import { answerJson, type HostAnswer, type HostRequest, readKey } from "./exchange.ts";

/** What the admin routes show and do. */
export interface AdminOptions {
  readonly hostId: string;
  readonly keys: HostKeys;
  readonly functions: readonly HostFunction[];
  /** Why functions are in error, by name. */
  readonly indexingErrors: ReadonlyMap<string, string>;
  /** Starts a run by hand in the background. */
  readonly runFunction: (target: HostFunction, input: string) => void;
}

/**
 * Answers `/admin/…`. Everything but the ping needs the master key
 * (https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http).
 */
export async function answerAdmin(
  request: HostRequest,
  options: AdminOptions,
): Promise<HostAnswer> {
  const [, , area, ...rest] = request.url.pathname.replace(/\/$/, "").split("/");
  if (area === "host" && rest[0] === "ping") return { status: 200 };
  if (!isSameKey(readKey(request), options.keys.master)) return { status: 401 };
  if (area === "host" && request.method === "GET") return answerHost(rest[0], options);
  if (area === "functions") return answerFunctions(request, rest, options);
  return { status: 404 };
}

function answerHost(what: string | undefined, { hostId, keys, ...rest }: AdminOptions): HostAnswer {
  switch (what) {
    case "status":
      return answerJson(200, {
        id: hostId,
        state: "Running",
        version: HOST_VERSION,
        versionDetails: `${HOST_VERSION} (local stand-in)`,
        processUptime: Math.round(process.uptime() * 1000),
        errors: [...rest.indexingErrors].map(([name, message]) => `${name}: ${message}`),
      });
    case "keys":
    case "functionkeys":
      return answerKeys({ default: keys.host });
    case "systemkeys":
      return answerKeys({ blobs_extension: keys.blobsExtension });
    default:
      return { status: 404 };
  }
}

async function answerFunctions(
  request: HostRequest,
  [name, what]: readonly string[],
  options: AdminOptions,
): Promise<HostAnswer> {
  const base = `${request.url.origin}/admin/functions`;
  if (name === undefined) {
    return answerJson(
      200,
      options.functions.map((each) => describeFunction(each, base)),
    );
  }
  const wanted = decodeURIComponent(name).toLowerCase();
  const target = options.functions.find((each) => each.name.toLowerCase() === wanted);
  if (target === undefined) return { status: 404 };
  if (request.method === "POST" && what === undefined) return runByHand(request, target, options);
  if (request.method !== "GET") return { status: 404 };
  if (what === undefined) return answerJson(200, describeFunction(target, base));
  if (what === "keys") return answerKeys({ default: getFunctionKey(options.keys, target.name) });
  if (what !== "status") return { status: 404 };
  const error = options.indexingErrors.get(target.name);
  return answerJson(200, error === undefined ? {} : { errors: [error] });
}

async function runByHand(
  request: HostRequest,
  target: HostFunction,
  { runFunction, indexingErrors }: AdminOptions,
): Promise<HostAnswer> {
  const input = readInput((await request.readBody()).toString("utf8"));
  if (input === undefined) return { status: 400 };
  if (indexingErrors.has(target.name)) return { status: 500 };
  runFunction(target, input);
  return { status: 202 };
}

/** Returns the `input` of the body, the empty text without one, or undefined for a bad body. */
function readInput(body: string): string | undefined {
  if (body.trim() === "") return "";
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json !== "object" || json === null) return undefined;
    if (!("input" in json) || json.input === null) return "";
    return typeof json.input === "string" ? json.input : JSON.stringify(json.input);
  } catch {
    return undefined;
  }
}

function describeFunction({ name, registered }: HostFunction, base: string): object {
  const { bindings } = registered.metadata;
  return {
    name,
    href: `${base}/${name}`,
    language: "node",
    isDisabled: false,
    isDirect: false,
    isProxy: false,
    config: {
      name,
      bindings: Object.entries(bindings).map(([bindingName, each]) => ({
        ...each,
        name: bindingName,
      })),
    },
  };
}

function answerKeys(keys: Readonly<Record<string, string>>): HostAnswer {
  const list = Object.entries(keys).map(([name, value]) => ({ name, value }));
  return answerJson(200, { keys: list, links: [] });
}
