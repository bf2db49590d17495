import * as nodeModule from "node:module";
import * as library from "@azure/functions";
import { ResourceFactoryResolver } from "@azure/functions-extensions-base";
import { createCredential } from "../shared/azure/credential.ts";
import { redact } from "../shared/redact.ts";
import { toSettingsError } from "../shared/settings/mistakes.ts";
import { examineSettings } from "../shared/settings/settings.ts";
import { createLateTelemetry } from "../shared/telemetry/late.ts";
import { BLOB_SOURCE, readBlobReference } from "./blob-reference.ts";
import { compose } from "./compose.ts";
import { deferHandler } from "./defer-handler.ts";
import { loadTelemetryAfterStart } from "./load-telemetry.ts";
import { mistakesOf } from "./needed-settings.ts";
import { registerHttp } from "./register-http.ts";
import { registerQueues } from "./register-queues.ts";

/**
 * The composition root: the only place that reads the environment and registers functions. Until a
 * function first runs, nothing is loaded that registering it does not need. Nothing here throws for a
 * wrong setting: the host would run on without functions and without a word (ADR 21).
 */

// For another process on the same instance; without effect where temporary files cannot be written.
// Node 20 does not have the function: calling it there would leave the app without functions.
nodeModule.enableCompileCache?.();

const { app } = library;
const { settings, mistakes } = examineSettings(process.env);
for (const { setting, problem } of mistakes)
  console.error(`Invalid setting: ${setting} ${problem}.`);
// Azure gives a hosted app the address of its identity in this variable.
const isHostedInAzure = process.env.IDENTITY_ENDPOINT !== undefined;
const credentialFor = (clientId: string | null) => createCredential({ isHostedInAzure, clientId });
const clock = (): Date => new Date();
const telemetry = createLateTelemetry();
const { context, planner, records, statusQueue, dependencies, prepare } = compose(settings, {
  credentialFor,
  clock,
  telemetry,
  // The functions answer and retry all the same; /api/health says what is not there.
  onUnprepared: (what, error) =>
    console.error(redact(`The ${what} could not be created: ${String(error)}`)),
});
const connection = "ImageStorage";

// A container and queue that nobody has: a trigger whose own name is wrong listens there, so that it
// takes nothing away from another app and the host does not refuse it.
const NOWHERE = "setting-is-wrong";

const isWrong = (name: string): boolean => mistakes.some(({ setting }) => setting === name);

/** A binding expression for a setting that is set; the host does not know the defaults of others. */
const nameOf = (setting: string, value: string): string => {
  if (isWrong(setting)) return NOWHERE;
  return process.env[setting] === value ? `%${setting}%` : value;
};

/** What a function works with, unless one of the settings that it needs is wrong. */
const needing =
  <T>(name: string, load: () => Promise<T>): (() => Promise<T>) =>
  async () => {
    const own = mistakesOf(name, mistakes);
    if (own.length > 0) throw toSettingsError(own);
    return load();
  };

app.hook.appStart(() => {
  // The host waits for this hook before it takes up the functions: storage must not keep it waiting.
  if (mistakes.length === 0) setImmediate(() => void prepare());
});

if (settings.telemetry !== null) {
  const { WEBSITE_SITE_NAME, WEBSITE_INSTANCE_ID, CONTAINER_NAME } = process.env;
  const service = {
    name: WEBSITE_SITE_NAME ?? "vhd-to-image",
    instance: WEBSITE_INSTANCE_ID ?? CONTAINER_NAME ?? String(process.pid),
  };
  const report = (message: string): void => console.error(`Telemetry is not sent: ${message}`);
  loadTelemetryAfterStart(
    { library, settings: settings.telemetry, credentialFor, service, report },
    telemetry,
  );
}

ResourceFactoryResolver.getInstance().registerResourceFactory(BLOB_SOURCE, readBlobReference);

// With a source that is only a guess, the host could offer every old blob again.
const uploads = isWrong("BLOB_TRIGGER_SOURCE")
  ? NOWHERE
  : nameOf("UPLOADS_CONTAINER", settings.uploadsContainer);

app.storageBlob("ingest", {
  connection,
  path: `${uploads}/{name}`,
  source: settings.blobTriggerSource,
  sdkBinding: true,
  handler: deferHandler(() => import("./ingest.blob.ts"), needing("ingest", context)),
});

registerQueues(app, {
  connection,
  work: nameOf("WORK_QUEUE", settings.workQueue),
  convert: nameOf("CONVERT_WORK_QUEUE", settings.convertQueue),
  convertAtOnce: settings.convertAtOnce,
  context,
  needing,
});

app.timer("sweep", {
  schedule: settings.sweepSchedule,
  handler: deferHandler(() => import("./sweep.timer.ts"), needing("sweep", context)),
});

const { get, post } = registerHttp(app, {
  actions: settings.actions,
  // Without App Service authentication anybody can send the header that speaks of a session.
  hasSessions: process.env.WEBSITE_AUTH_ENABLED?.toLowerCase() === "true",
});

get(
  "status-list",
  "status",
  "function",
  deferHandler(
    () => import("./status-list.http.ts"),
    needing("status-list", async () => ({ records: await records(), clock })),
  ),
);
get(
  "status-get",
  "status/{requestId}",
  "function",
  deferHandler(
    () => import("./status-get.http.ts"),
    needing("status-get", async () => ({ records: await records(), clock })),
  ),
);
post(
  "status-cancel",
  "status/{requestId}/cancel",
  deferHandler(() => import("./status-cancel.http.ts"), needing("status-cancel", context)),
);
post(
  "status-retry",
  "status/{requestId}/retry",
  deferHandler(() => import("./status-retry.http.ts"), needing("status-retry", context)),
);
post(
  "plan",
  "plan",
  deferHandler(() => import("./plan.http.ts"), needing("plan", planner)),
);
get(
  "queue",
  "queue",
  "function",
  deferHandler(() => import("./queue.http.ts"), needing("queue", statusQueue)),
);
get(
  "schema",
  "schema/manifest",
  "anonymous",
  deferHandler(
    () => import("./schema.http.ts"),
    async () => undefined,
  ),
);
get(
  "board",
  "board",
  "anonymous",
  deferHandler(
    () => import("./board.http.ts"),
    async () => (await import("./board-page.ts")).BOARD_PAGE,
  ),
);
get(
  "health",
  "health",
  "anonymous",
  mistakes.length > 0
    ? deferHandler(
        () => import("./wrong-settings.ts"),
        async () => mistakes,
      )
    : deferHandler(() => import("./health.http.ts"), dependencies),
);
