import { randomUUID } from "node:crypto";
import { settleWithin } from "./background.ts";
import type { CoreModule } from "./core-module.ts";
import type { InvocationResponse } from "./core-types.ts";
import { describeError } from "./errors.ts";
import type { FaultPlan } from "./faults.ts";
import type { HostFunction, TriggerData } from "./functions.ts";
import type { HostLog } from "./log.ts";
import { callWorker } from "./worker.ts";

/** How a run ended. */
export type InvocationOutcome =
  | { readonly succeeded: true; readonly response: InvocationResponse }
  | { readonly succeeded: false; readonly error: unknown };

/** Runs functions; runs of the same and of different functions interleave on the event loop. */
export interface Invoker {
  /** Runs `target` once, its outputs included. Never throws: a failure is an outcome. */
  invoke(target: HostFunction, data: TriggerData): Promise<InvocationOutcome>;
  /** Number of runs under way. */
  running(): number;
  /** Settles when no run is under way, or after `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>;
}

export interface InvokerOptions {
  readonly core: CoreModule;
  readonly log: HostLog;
  readonly faults: FaultPlan;
  /** Milliseconds after which a run counts as hung; undefined for no limit. */
  readonly functionTimeoutMs: number | undefined;
  /** Called once when a run exceeds the limit: the host then kills the worker, every run with it. */
  readonly onTimeout: (functionName: string) => void;
  /** Writes what the outputs of a successful run carry; what it throws fails the run. */
  readonly writeOutputs: (
    target: HostFunction,
    data: TriggerData,
    response: InvocationResponse,
  ) => Promise<void>;
}

/** Returns an invoker for the functions of one app. */
export function createInvoker(options: InvokerOptions): Invoker {
  const running = new Set<Promise<InvocationOutcome>>();
  return {
    invoke(target, data) {
      const run = runFunction(options, target, data);
      running.add(run);
      return run.finally(() => running.delete(run));
    },
    running: () => running.size,
    drain: (timeoutMs) => settleWithin(Promise.all(running), timeoutMs),
  };
}

async function runFunction(
  options: InvokerOptions,
  target: HostFunction,
  data: TriggerData,
): Promise<InvocationOutcome> {
  const { log, faults } = options;
  const invocationId = randomUUID();
  const category = `Function.${target.name}`;
  const label = `'Functions.${target.name}'`;
  log("information", category, `Executing ${label} (Reason='${data.reason}', Id=${invocationId})`);
  const startedAt = performance.now();
  const stopTimer = startTimeout(options, target, invocationId);
  faults.pass(target.name, "start");
  const outcome = await attempt(options, target, data, invocationId);
  stopTimer();
  faults.pass(target.name, "end");
  const took = `Duration=${Math.round(performance.now() - startedAt)}ms`;
  if (outcome.succeeded) {
    log("information", category, `Executed ${label} (Succeeded, Id=${invocationId}, ${took})`);
  } else {
    const reason = describeError(outcome.error);
    log("error", category, `Executed ${label} (Failed, Id=${invocationId}, ${took}): ${reason}`);
  }
  return outcome;
}

async function attempt(
  options: InvokerOptions,
  target: HostFunction,
  data: TriggerData,
  invocationId: string,
): Promise<InvocationOutcome> {
  try {
    const response = await callWorker(options.core, options.log, target, data, invocationId);
    await options.writeOutputs(target, data, response);
    return { succeeded: true, response };
  } catch (error) {
    return { succeeded: false, error };
  }
}

function startTimeout(
  { functionTimeoutMs, log, onTimeout }: InvokerOptions,
  target: HostFunction,
  invocationId: string,
): () => void {
  if (functionTimeoutMs === undefined) return () => undefined;
  const timer = setTimeout(() => {
    const limit = `functionTimeout of ${functionTimeoutMs / 1000} s`;
    log("critical", `Function.${target.name}`, `Run ${invocationId} exceeded the ${limit}`);
    onTimeout(target.name);
  }, functionTimeoutMs);
  return () => clearTimeout(timer);
}
