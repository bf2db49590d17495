import { applySettings } from "./app-environment.ts";
import { loadApp } from "./app-loader.ts";
import { type CoreModule, createCoreModule } from "./core-module.ts";
import { createHostContext } from "./create-context.ts";
import { HostStartError } from "./errors.ts";
import { classifyFunctions, type HostFunction } from "./functions.ts";
import { type HostConfig, readHostConfig } from "./host-config.ts";
import type { HostContext } from "./host-context.ts";
import type { FunctionsHostOptions } from "./host-options.ts";
import { createFrontDoor } from "./http/front-door.ts";
import { type HostServer, startServer } from "./http/server.ts";
import { createKeys, type HostKeys } from "./keys.ts";
import { type Listeners, startListeners } from "./listeners.ts";
import { createLog, type HostLog } from "./log.ts";
import type { AppSettings } from "./settings.ts";
import { readTriggers, type Triggers } from "./triggers.ts";

export type { AbruptEnd, FunctionsHostOptions } from "./host-options.ts";

/** A running host. */
export interface FunctionsHost {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  readonly keys: HostKeys;
  /** Stops listening, waits for runs under way, runs the app's terminate hooks, unloads the app. */
  close(): Promise<void>;
}

const DEFAULT_BODY_LIMIT_BYTES = 104_857_600;
/** Milliseconds that runs under way get to end when the host is closed. */
const DRAIN_MS = 5000;

/**
 * Loads an app and runs it as the Functions host would. A process holds one host at a time, because
 * `@azure/functions` binds itself to the first host it finds.
 * An app that throws before it has registered a function runs as one without functions, as in Azure.
 * Throws HostStartError when host.json is invalid, the app throws later than that, none of its
 * functions can run, it needs a binding that is not imitated, or the port is taken.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const config = readHostConfig(options.appDirectory);
  const log = createLog(options.log ?? (() => undefined), config.logLevels);
  const core = createCoreModule(log);
  const restoreSettings = applySettings(options.settings);
  try {
    const app = await loadApp(options.appDirectory, core, log);
    const unload = (): void => {
      app.unload();
      restoreSettings();
    };
    try {
      return await runApp(options, config, core, log, async () => {
        await app.terminate();
        unload();
      });
    } catch (error) {
      unload();
      throw error;
    }
  } catch (error) {
    restoreSettings();
    throw error;
  }
}

async function runApp(
  options: FunctionsHostOptions,
  config: HostConfig,
  core: CoreModule,
  log: HostLog,
  endApp: () => Promise<void>,
): Promise<FunctionsHost> {
  const running: { listeners?: Listeners } = {};
  const findListener = (url: string) => running.listeners?.queues.get(url);
  const context = createHostContext(options, config, core, log, findListener);
  const functions = classifyFunctions(core.functions.values());
  const triggers = readTriggers(functions, context);
  reportIndexing(functions, triggers, log);
  const keys = createKeys(options.keys ?? {});
  const { answer, open } = createFrontDoor(functions, triggers, keys, context);
  const server = await startServer({
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    bodyLimitBytes: readBodyLimit(options.settings),
    answer,
    log,
  });
  try {
    running.listeners = await startListeners(triggers, context);
  } catch (error) {
    await server.stop();
    throw error;
  }
  open(running.listeners);
  return { url: server.url, keys, close: () => stop(server, running, context, endApp) };
}

async function stop(
  server: HostServer,
  { listeners }: { readonly listeners?: Listeners },
  { invoker }: HostContext,
  endApp: () => Promise<void>,
): Promise<void> {
  await Promise.all([server.stop(), listeners?.stop()]);
  await invoker.drain(DRAIN_MS);
  await endApp();
}

function reportIndexing(
  functions: readonly HostFunction[],
  { errors }: Triggers,
  log: HostLog,
): void {
  for (const [name, message] of errors) {
    log("error", "Host.Startup", `The '${name}' function is in error: ${message}`);
  }
  for (const { name, registered } of functions) {
    if (!registered.metadata.retryOptions) continue;
    log("warning", "Host.Startup", `The retry policy of '${name}' is not imitated: it runs once.`);
  }
  if (functions.length > 0 && errors.size === functions.length) {
    const list = [...errors].map(([name, message]) => `${name}: ${message}`).join(" ");
    throw new HostStartError(`No function of the app can run. ${list}`);
  }
  const names = functions.filter((each) => !errors.has(each.name)).map((each) => each.name);
  log("information", "Host.Startup", `${names.length} functions loaded: ${names.join(", ")}`);
}

function readBodyLimit(settings: AppSettings): number {
  const configured = Number(settings.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT);
  return configured > 0 ? configured : DEFAULT_BODY_LIMIT_BYTES;
}
