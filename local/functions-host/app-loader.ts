import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { interceptCoreModule } from "./core-interception.ts";
import type { CoreModule } from "./core-module.ts";
import { AppLoadError, describeError, HostStartError } from "./errors.ts";
import type { HostLog } from "./log.ts";

/** An app whose functions are registered and whose start hooks have run. */
export interface LoadedApp {
  /** Runs the app's `appTerminate` hooks. */
  terminate(): Promise<void>;
  /** Forgets the app's modules, so that a later host of this process loads them afresh. */
  unload(): void;
}

/** What Microsoft's Node worker tells a programming model about itself. */
const WORKER_CAPABILITIES: Readonly<Record<string, string>> = {
  RawHttpBodyBytes: "true",
  RpcHttpTriggerMetadataRemoved: "true",
  RpcHttpBodyOnly: "true",
  IgnoreEmptyValuedRpcHttpHeaders: "true",
  UseNullableValueDictionaryForHttp: "true",
  WorkerStatus: "true",
  TypedDataCollection: "true",
  HandlesWorkerTerminateMessage: "true",
};

/**
 * Loads the files that package.json `main` names, runs the `appStart` hooks and closes registration.
 * An app that throws before it has registered a function, or registers none, loads all the same: the
 * worker answers that there is nothing to index, and the host runs on with no functions at all. All
 * that is to be seen of the reason is a line of the log.
 * Throws HostStartError when no file matches, or one throws after a function was registered.
 */
export async function loadApp(
  appDirectory: string,
  core: CoreModule,
  log: HostLog,
): Promise<LoadedApp> {
  const stopInterception = interceptCoreModule(core.api);
  const appRequire = createRequire(join(appDirectory, "package.json"));
  const loadedBefore = new Set(Object.keys(appRequire.cache));
  const unload = (): void => {
    stopInterception();
    for (const file of Object.keys(appRequire.cache)) {
      if (!loadedBefore.has(file)) delete appRequire.cache[file];
    }
  };
  try {
    const { entryFiles, isModule } = findEntryFiles(appDirectory);
    for (const file of entryFiles) await loadFile(file, isModule, appRequire);
    if (core.functions.size > 0) await startApp(appDirectory, core);
    else log("error", "Worker", describeEmptyApp(appDirectory));
  } catch (error) {
    if (core.functions.size > 0 || !(error instanceof AppLoadError)) {
      unload();
      throw error;
    }
    log("error", "Worker", error.message);
  }
  if (core.functions.size === 0) core.lock();
  return {
    unload,
    terminate: () => core.hooks.run("appTerminate", createAppHookContext(core)),
  };
}

async function startApp(appDirectory: string, core: CoreModule): Promise<void> {
  const context = { ...createAppHookContext(core), functionAppDirectory: appDirectory };
  await core.hooks.run("appStart", context);
  const capabilities = await core.model().getCapabilities({ ...WORKER_CAPABILITIES });
  if (capabilities.HttpUri !== undefined) {
    throw new HostStartError(
      "The app calls app.setup({ enableHttpStream: true }), which the stand-in does not imitate.",
    );
  }
  core.lock();
}

function describeEmptyApp(appDirectory: string): string {
  return `The app in ${appDirectory} registered no function. If it is bundled, check that @azure/functions-core is external and the output is CommonJS.`;
}

function createAppHookContext(core: CoreModule): Record<string, unknown> {
  return { hookData: core.hooks.appLevelHookData, appHookData: core.hooks.appHookData };
}

function findEntryFiles(appDirectory: string): { entryFiles: string[]; isModule: boolean } {
  const { main, type } = readPackageJson(appDirectory);
  const entryFiles = globSync(main, { cwd: appDirectory }).sort();
  if (entryFiles.length === 0) {
    throw new HostStartError(
      `package.json "main" of ${appDirectory} is "${main}", which matches no file: build the app first.`,
    );
  }
  return { entryFiles: entryFiles.map((f) => join(appDirectory, f)), isModule: type === "module" };
}

function readPackageJson(appDirectory: string): { main: string; type: unknown } {
  const file = join(appDirectory, "package.json");
  try {
    const { main, type }: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
    if (typeof main === "string" && main !== "") return { main, type };
  } catch (cause) {
    throw new HostStartError(`${file} cannot be read as JSON.`, { cause });
  }
  throw new HostStartError(`${file} has no "main": it must name the app's entry file.`);
}

async function loadFile(
  file: string,
  isModule: boolean,
  appRequire: NodeJS.Require,
): Promise<void> {
  const asModule = extname(file) === ".mjs" || (isModule && extname(file) === ".js");
  try {
    if (asModule) await import(pathToFileURL(file).href);
    else appRequire(file);
  } catch (cause) {
    throw new AppLoadError(`The app threw while ${file} was loaded: ${describeError(cause)}`, {
      cause,
    });
  }
}
