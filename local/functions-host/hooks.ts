import type { HookCallback } from "./core-types.ts";

export type HookName = "appStart" | "appTerminate" | "preInvocation" | "postInvocation" | "log";

const HOOK_NAMES: readonly string[] = [
  "appStart",
  "appTerminate",
  "preInvocation",
  "postInvocation",
  "log",
] satisfies HookName[];

/** The hooks an app registered, each kind in the order of registration. */
export interface Hooks {
  /** Data that all hooks of the app share. */
  readonly appHookData: Record<string, unknown>;
  /** Data that the app-level hooks share. */
  readonly appLevelHookData: Record<string, unknown>;
  /** Adds a hook and returns the action that takes it out. Throws RangeError for an unknown name. */
  add(name: string, callback: HookCallback): () => void;
  /** Runs the hooks of one kind one after the other; what one throws ends the run. */
  run(name: HookName, context: Record<string, unknown>): Promise<void>;
  /** Runs hooks that must not delay or fail their caller (log hooks). */
  runNow(name: HookName, context: Record<string, unknown>): void;
}

/** Returns an empty set of hooks. */
export function createHooks(): Hooks {
  const callbacks = new Map<string, Set<HookCallback>>(HOOK_NAMES.map((name) => [name, new Set()]));
  const list = (name: HookName): HookCallback[] => [...(callbacks.get(name) ?? [])];
  return {
    appHookData: {},
    appLevelHookData: {},
    add(name, callback) {
      const registered = callbacks.get(name);
      if (registered === undefined) throw new RangeError(`Unrecognized hook "${name}"`);
      registered.add(callback);
      return () => registered.delete(callback);
    },
    async run(name, context) {
      for (const callback of list(name)) await callback(context);
    },
    runNow(name, context) {
      for (const callback of list(name)) {
        try {
          callback(context);
        } catch {
          // A log hook that fails must not take the message it was to see with it.
        }
      }
    },
  };
}
