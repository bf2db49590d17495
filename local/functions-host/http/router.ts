import type { HostContext } from "../host-context.ts";
import { getFunctionKey, type HostKeys, isSameKey } from "../keys.ts";
import { type HostAnswer, type HostRequest, readKey } from "./exchange.ts";
import { createRequestGate } from "./request-gate.ts";
import { toHttpAnswer, toHttpTriggerData } from "./rpc.ts";
import type { HttpTrigger } from "./trigger.ts";

/** Answers requests to functions; undefined when no route matches. */
export type FunctionRouter = (request: HostRequest) => Promise<HostAnswer> | undefined;

/**
 * Returns the router of the app's HTTP functions. As in the host, a route with another method does
 * not match at all: the answer is 404, not 405, and HEAD has to be declared
 * (https://github.com/Azure/azure-functions-host/issues/10098 and #11625).
 */
export function createFunctionRouter(
  triggers: readonly HttpTrigger[],
  keys: HostKeys,
  context: HostContext,
): FunctionRouter {
  const ordered = [...triggers].sort((a, b) =>
    a.route.precedence < b.route.precedence ? -1 : a.route.precedence > b.route.precedence ? 1 : 0,
  );
  const gate = createRequestGate(context.config);
  return (request) => {
    for (const trigger of ordered) {
      const params = trigger.route.match(request.url.pathname);
      if (params === undefined || !trigger.methods.includes(request.method)) continue;
      if (!isAllowed(trigger, readKey(request), keys)) return Promise.resolve({ status: 401 });
      return gate(() => invokeFunction(trigger, request, params, context));
    }
    return undefined;
  };
}

async function invokeFunction(
  trigger: HttpTrigger,
  request: HostRequest,
  params: Readonly<Record<string, string>>,
  { invoker }: HostContext,
): Promise<HostAnswer> {
  const body = await request.readBody();
  const outcome = await invoker.invoke(trigger.target, toHttpTriggerData(request, params, body));
  return outcome.succeeded ? toHttpAnswer(outcome.response) : { status: 500 };
}

function isAllowed(trigger: HttpTrigger, key: string, keys: HostKeys): boolean {
  if (trigger.authLevel === "anonymous" || isSameKey(key, keys.master)) return true;
  if (trigger.authLevel === "admin") return false;
  return isSameKey(key, keys.host) || isSameKey(key, getFunctionKey(keys, trigger.target.name));
}
