import type { RegisteredFunction } from "./core-module.ts";
import type { Binding, TypedData } from "./core-types.ts";
import { HostStartError } from "./errors.ts";

export type TriggerKind = "httpTrigger" | "queueTrigger" | "blobTrigger" | "timerTrigger";

/** An output binding to a storage queue; `name` is `$return` for the return value. */
export interface QueueOutput {
  readonly name: string;
  readonly binding: Binding;
}

/** A registered function whose bindings the stand-in can all serve. */
export interface HostFunction {
  readonly name: string;
  /** The id that blob messages, receipts and timer states carry. */
  readonly id: string;
  readonly kind: TriggerKind;
  readonly triggerName: string;
  readonly trigger: Binding;
  readonly queueOutputs: readonly QueueOutput[];
  readonly registered: RegisteredFunction;
}

/** The trigger's input and metadata of one run, before it has an invocation id. */
export interface TriggerData {
  readonly input: TypedData;
  readonly metadata: Readonly<Record<string, TypedData>>;
  /** Why the run starts, for the log. */
  readonly reason: string;
}

const TRIGGERS: Readonly<Record<string, TriggerKind>> = {
  httptrigger: "httpTrigger",
  queuetrigger: "queueTrigger",
  blobtrigger: "blobTrigger",
  timertrigger: "timerTrigger",
};

/**
 * Returns the functions of an app, each with its trigger and its queue outputs.
 * Throws HostStartError with every binding that the stand-in does not serve.
 */
export function classifyFunctions(registered: Iterable<RegisteredFunction>): HostFunction[] {
  const functions: HostFunction[] = [];
  const problems: string[] = [];
  for (const each of registered) {
    const unsupported = listUnsupportedBindings(each);
    const trigger = findTrigger(each);
    if (unsupported.length > 0) problems.push(...unsupported);
    else if (trigger === undefined) problems.push(`${each.metadata.name} has no trigger`);
    else functions.push(toHostFunction(each, ...trigger));
  }
  if (problems.length === 0) return functions;
  throw new HostStartError(
    `The stand-in serves HTTP, queue, blob and timer triggers with HTTP and queue outputs only: ${problems.join("; ")}.`,
  );
}

function toHostFunction(
  registered: RegisteredFunction,
  triggerName: string,
  trigger: Binding,
  kind: TriggerKind,
): HostFunction {
  const { name, bindings } = registered.metadata;
  const queueOutputs = Object.entries(bindings)
    .filter(([, binding]) => binding.direction === "out" && isType(binding, "queue"))
    .map(([outputName, binding]) => ({ name: outputName, binding }));
  return {
    name,
    id: `Host.Functions.${name}`,
    kind,
    triggerName,
    trigger,
    queueOutputs,
    registered,
  };
}

function findTrigger(registered: RegisteredFunction): [string, Binding, TriggerKind] | undefined {
  for (const [name, binding] of Object.entries(registered.metadata.bindings)) {
    const kind = TRIGGERS[binding.type.toLowerCase()];
    if (kind !== undefined) return [name, binding, kind];
  }
  return undefined;
}

function listUnsupportedBindings({ metadata }: RegisteredFunction): string[] {
  return Object.entries(metadata.bindings)
    .filter(([, binding]) => !isSupported(binding))
    .map(([name, { type, direction }]) => `${metadata.name} has ${type} (${direction}) '${name}'`);
}

function isSupported(binding: Binding): boolean {
  if (binding.direction === "in") return binding.type.toLowerCase() in TRIGGERS;
  return binding.direction === "out" && (isType(binding, "http") || isType(binding, "queue"));
}

function isType(binding: Binding, type: string): boolean {
  return binding.type.toLowerCase() === type;
}

/** Returns the text option `key` of a binding, or undefined when it is absent or not text. */
export function readTextOption(binding: Binding, key: string): string | undefined {
  const value = binding[key];
  return typeof value === "string" ? value : undefined;
}
