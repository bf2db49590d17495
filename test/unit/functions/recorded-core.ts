import Module from "node:module";

/** A function as the Functions library registers it with the host. */
export interface Registration {
  readonly name: string;
  readonly bindings: readonly Readonly<Record<string, unknown>>[];
}

/** The host's side of the Functions library, which notes what an app registers. */
export interface RecordedCore {
  readonly functions: Registration[];
  readonly startHooks: (() => Promise<void>)[];
  /** Ends the imitation. */
  remove(): void;
}

type Load = (this: unknown, id: string, ...rest: unknown[]) => unknown;

interface Metadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Answers `require("@azure/functions-core")`, as the Functions worker does: the module is published
 * nowhere, and the library registers with it what the app asks for.
 */
export function recordCore(): RecordedCore {
  const functions: Registration[] = [];
  const startHooks: RecordedCore["startHooks"] = [];
  class Disposable {}
  const core = {
    version: "3.14.1",
    hostVersion: "4.1037.0",
    Disposable,
    log() {},
    setProgrammingModel() {},
    registerFunction({ name, bindings }: Metadata) {
      const list = Object.entries(bindings).map(([key, binding]) => ({ ...binding, name: key }));
      functions.push({ name, bindings: list });
      return new Disposable();
    },
    registerHook(name: string, callback: () => Promise<void>) {
      if (name === "appStart") startHooks.push(callback);
      return new Disposable();
    },
  };
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  loader._load = function loadRecorded(id, ...rest) {
    return id === "@azure/functions-core" ? core : load.call(this, id, ...rest);
  };
  return {
    functions,
    startHooks,
    remove() {
      loader._load = load;
    },
  };
}
