import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { createRequire } from "node:module";
import { RUN_HEADER, RUN_LINE, type Run, type Transition } from "./run.ts";

/**
 * A second entry file beside the built app, loaded by the Functions host with it. By the hooks that an
 * app may have it notes what each run takes, and marks every request that a run sends with the run's id,
 * so that a proxy can tell whose it is. (The signatures of storage do not cover the header.)
 */

type Hook = (context: Record<string, unknown>) => void;
type Core = { registerHook(name: string, hook: Hook): void };
/** What the functions are given of interest: a work message, or a reference to a blob. */
type Input = { readonly requestId?: string; readonly step?: number; readonly name?: string };
type OpenRun = Omit<Run, "durationMs" | "transitions" | "races"> & {
  readonly transitions: Transition[];
  races: number;
};

const runs = new AsyncLocalStorage<OpenRun>();
const core = createRequire(import.meta.url)("@azure/functions-core") as Core;

subscribe("http.client.request.created", (message) => {
  const run = runs.getStore();
  const { request } = message as { request: ClientRequest };
  if (run !== undefined) request.setHeader(RUN_HEADER, run.id);
});

core.registerHook("preInvocation", (context) => {
  const handler = context.functionCallback as (...args: unknown[]) => unknown;
  const invocation = context.invocationContext as { invocationId: string; functionName: string };
  const [input] = context.inputs as [Input | undefined];
  context.functionCallback = (...args: unknown[]) => {
    const run: OpenRun = {
      id: invocation.invocationId,
      function: invocation.functionName,
      requestId: input?.requestId ?? null,
      step: input?.step ?? null,
      blob: invocation.functionName === "ingest" ? (input?.name ?? null) : null,
      startedAtMs: Date.now(),
      transitions: [],
      races: 0,
    };
    return runs.run(run, () => measure(run, () => handler(...args)));
  };
});

core.registerHook("log", ({ message }) => {
  const run = runs.getStore();
  const text = String(message);
  if (run === undefined || !text.startsWith('{"event":"request.')) return;
  const { event, requestId, source, from, to } = JSON.parse(text) as Transition & { event: string };
  if (event === "request.state") run.transitions.push({ requestId, source, from, to });
  if (event === "request.race") run.races += 1;
});

async function measure(run: OpenRun, work: () => unknown): Promise<unknown> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    const ended: Run = { ...run, durationMs: performance.now() - start };
    process.stderr.write(`${RUN_LINE}${JSON.stringify(ended)}\n`);
  }
}
