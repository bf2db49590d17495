import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from "./core-types.ts";
import { HostStartError } from "./errors.ts";
import { createHooks, type Hooks } from "./hooks.ts";
import type { HostLog } from "./log.ts";

/** The version the stand-in gives for itself: the lowest worker that supports every hook. */
export const WORKER_VERSION = "3.14.1";
/** The host version that the imitated behaviour was read from. */
export const HOST_VERSION = "4.1037.0";

/** A function as the app registered it. */
export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** The stand-in's side of `@azure/functions-core`. */
export interface CoreModule {
  /** What `require("@azure/functions-core")` answers. */
  readonly api: object;
  readonly hooks: Hooks;
  /** Functions by name, in the order of registration. */
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  /** Returns the programming model. Throws HostStartError when the app set none. */
  model(): ProgrammingModel;
  /** Ends start-up: from here on registering a function throws. */
  lock(): void;
}

/** Returns a core module with nothing registered. */
export function createCoreModule(log: HostLog): CoreModule {
  const hooks = createHooks();
  const functions = new Map<string, RegisteredFunction>();
  let programmingModel: ProgrammingModel | undefined;
  let locked = false;

  const registerFunction = (metadata: FunctionMetadata, callback: FunctionCallback): Disposer => {
    if (locked) throw new Error("A function can only be registered during app startup.");
    const id = metadata.functionId ?? metadata.name;
    if (functions.has(id)) {
      throw new Error(`A function with id "${id}" has already been registered.`);
    }
    functions.set(id, { metadata, callback });
    return new Disposer(() => {
      if (locked) throw new Error("A function can only be disposed during app startup.");
      functions.delete(id);
    });
  };

  return {
    hooks,
    functions,
    api: {
      version: WORKER_VERSION,
      hostVersion: HOST_VERSION,
      registerFunction,
      registerHook: (name: string, callback: HookCallback) =>
        new Disposer(hooks.add(name, callback)),
      setProgrammingModel: (model: ProgrammingModel) => {
        programmingModel = model;
      },
      getProgrammingModel: () => programmingModel,
      log: (level: LogLevel, category: LogCategory, message: string) =>
        log(level, category === "user" ? "Worker.User" : "Worker", message),
      Disposable: Disposer,
    },
    model: () => {
      if (programmingModel !== undefined) return programmingModel;
      throw new HostStartError(
        "The app set no programming model: it registered nothing through @azure/functions 4.x. If it is bundled, check that @azure/functions-core is external and the output is CommonJS.",
      );
    },
    lock: () => {
      locked = true;
    },
  };
}

/** The worker's Disposable: undoes a registration once. */
class Disposer {
  readonly #undo: () => void;

  constructor(undo: () => void) {
    this.#undo = undo;
  }

  static from(...disposables: { dispose: () => unknown }[]): Disposer {
    return new Disposer(() => {
      for (const each of disposables) each.dispose();
    });
  }

  dispose(): void {
    this.#undo();
  }
}
