import { FunctionIndexingError } from "../errors.ts";
import { type HostFunction, readTextOption } from "../functions.ts";
import type { HostContext } from "../host-context.ts";
import { resolveSettings } from "../settings.ts";
import { compileRoute, type Route } from "./route.ts";

export type AuthLevel = "anonymous" | "function" | "admin";

/** An HTTP trigger with its full route, prefix included. */
export interface HttpTrigger {
  readonly target: HostFunction;
  readonly route: Route;
  /** Upper-case. */
  readonly methods: readonly string[];
  readonly authLevel: AuthLevel;
}

const RESERVED = /^(?:admin|runtime)(?:\/|$)/i;

/** Returns the HTTP trigger of a function. Throws FunctionIndexingError for a bad binding. */
export function readHttpTrigger(target: HostFunction, context: HostContext): HttpTrigger {
  const own = readTextOption(target.trigger, "route") ?? target.name;
  const route = resolveSettings(own, context.settings);
  const full = [context.config.routePrefix, route].filter((part) => part !== "").join("/");
  if (RESERVED.test(full)) {
    throw new FunctionIndexingError(`Route '${full}' conflicts with the host's own routes.`);
  }
  const { methods } = target.trigger;
  const named = Array.isArray(methods) ? methods.map((m) => String(m).toUpperCase()) : [];
  return {
    target,
    route: compileRoute(full),
    methods: named.length > 0 ? named : ["GET", "POST"],
    authLevel: readAuthLevel(readTextOption(target.trigger, "authLevel")),
  };
}

function readAuthLevel(text: string | undefined): AuthLevel {
  const level = text?.toLowerCase() ?? "anonymous";
  if (level === "anonymous" || level === "function" || level === "admin") return level;
  throw new FunctionIndexingError(`authLevel '${text}' is not anonymous, function or admin.`);
}
