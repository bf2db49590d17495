import { app, type HttpHandler } from "@azure/functions";
import { ResourceFactoryResolver } from "@azure/functions-extensions-base";
import { createCredential } from "../shared/azure/credential.ts";
import { readSettings } from "../shared/settings.ts";
import { makeAdvanceHandler } from "./advance.queue.ts";
import { BLOB_SOURCE, readBlobReference } from "./blob-reference.ts";
import { compose } from "./compose.ts";
import { makeGetHealth } from "./health.http.ts";
import { makeHttpHandler } from "./http-handler.ts";
import { makeIngestHandler } from "./ingest.blob.ts";
import {
  BLOB_POISON_QUEUE,
  makePoisonedUploadHandler,
  makePoisonedWorkHandler,
} from "./poison.queue.ts";
import { makePeekQueue } from "./queue.http.ts";
import { makeGetSchema } from "./schema.http.ts";
import { makeGetStatus, makeListStatus } from "./status.http.ts";
import { makeSweepHandler } from "./sweep.timer.ts";

/** The composition root: the only place that reads the environment and registers functions. */

const settings = readSettings(process.env);
// Azure gives a hosted app the address of its identity in this variable.
const isHostedInAzure = process.env.IDENTITY_ENDPOINT !== undefined;
const {
  process: context,
  dependencies,
  prepare,
} = compose(settings, {
  credentialFor: (clientId) => createCredential({ isHostedInAzure, clientId }),
  clock: () => new Date(),
});
const connection = "ImageStorage";

/** A binding expression for a setting that is set; the host does not know the defaults of others. */
const nameOf = (setting: string, value: string): string =>
  process.env[setting] === undefined ? value : `%${setting}%`;

app.hook.appStart(async () => {
  try {
    await prepare();
  } catch (error) {
    // The functions answer and retry all the same; /api/health says what is not there.
    console.error(`The storage account could not be prepared: ${String(error)}`);
  }
});

ResourceFactoryResolver.getInstance().registerResourceFactory(BLOB_SOURCE, readBlobReference);

app.storageBlob("ingest", {
  connection,
  path: `${nameOf("UPLOADS_CONTAINER", settings.uploadsContainer)}/{name}`,
  source: settings.blobTriggerSource,
  sdkBinding: true,
  handler: makeIngestHandler(context),
});

app.storageQueue("advance", {
  connection,
  queueName: nameOf("WORK_QUEUE", settings.workQueue),
  handler: makeAdvanceHandler(context),
});

app.storageQueue("poison-work", {
  connection,
  queueName: `${nameOf("WORK_QUEUE", settings.workQueue)}-poison`,
  handler: makePoisonedWorkHandler(context),
});

app.storageQueue("poison-upload", {
  connection,
  queueName: BLOB_POISON_QUEUE,
  handler: makePoisonedUploadHandler(context),
});

app.timer("sweep", { schedule: settings.sweepSchedule, handler: makeSweepHandler(context) });

const get = (
  name: string,
  route: string,
  authLevel: "function" | "anonymous",
  handler: HttpHandler,
) => app.http(name, { methods: ["GET"], route, authLevel, handler });

get("status-list", "status", "function", makeHttpHandler(makeListStatus(context.records)));
get(
  "status-get",
  "status/{requestId}",
  "function",
  makeHttpHandler(makeGetStatus(context.records, context.clock)),
);
get("queue", "queue", "function", makeHttpHandler(makePeekQueue(context.statusQueue)));
get("schema", "schema/manifest", "anonymous", makeHttpHandler(makeGetSchema()));
get("health", "health", "anonymous", makeHttpHandler(makeGetHealth(dependencies)));
