import { setTimeout as delay } from "node:timers/promises";
import { ContainerClient } from "@azure/storage-blob";
import type { StatusView } from "../../shared/http/status-view.ts";
import { isTerminal } from "../../shared/record/states.ts";
import type { World } from "../world/index.ts";
import { type Board, createBoard, type Row } from "./board.ts";
import { findAwaitedDisk } from "./detail.ts";
import type { DemoPlan, PlannedUpload } from "./plan.ts";
import { createPresenter, type Presenter } from "./presenter.ts";
import type { Screen } from "./screen.ts";
import { createStatusClient, type StatusClient } from "./status-client.ts";
import type { Paint } from "./style.ts";
import { performUpload } from "./upload-plan.ts";

export type DemoRun = {
  readonly world: Pick<World, "connectionString" | "functions" | "died">;
  readonly plan: DemoPlan;
  readonly screen: Screen;
  readonly paint: Paint;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Seconds since the demo began. */
  readonly elapsed: () => number;
  readonly signal: AbortSignal;
  /** How long the requests have after the last upload; what is open then counts as not ended. */
  readonly endTimeoutMs?: number;
};

const POLL_MS = 400;
/** How long an upload is held back at most. */
const HOLD_BACK_TIMEOUT_MS = 15_000;
const DEFAULT_END_TIMEOUT_MS = 45_000;

/**
 * Uploads the plan and follows its requests over HTTP until all have ended, or until the time is up.
 * Returns them with the documents that the status API has of each.
 *
 * @throws {PartDiedError} if a part of the world ends meanwhile; the signal's reason if it is aborted.
 */
export async function runDemo(run: DemoRun): Promise<Row[]> {
  const { world, plan, screen, paint, now, endTimeoutMs = DEFAULT_END_TIMEOUT_MS } = run;
  const board = createBoard(plan.requests, now);
  const presenter = createPresenter(board, screen, paint, now, run.elapsed);
  const client = createStatusClient(world.functions.url, world.functions.key);
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const died = world.died.then((error) => Promise.reject(error));
  try {
    const following = follow(client, board, presenter, signal);
    const uploading = uploadAll(run, board, presenter, signal);
    await Promise.race([
      Promise.all([following, uploading.then(() => stopIn(endTimeoutMs, stop))]),
      died,
    ]);
  } catch (error) {
    run.signal.throwIfAborted();
    if (!stop.signal.aborted) throw error;
  } finally {
    stop.abort();
  }
  board.update(await readFinal(client, board));
  presenter.finish();
  return board.rows();
}

function stopIn(timeoutMs: number, stop: AbortController): void {
  setTimeout(() => stop.abort(), timeoutMs).unref();
}

async function follow(
  client: StatusClient,
  board: Board,
  presenter: Presenter,
  signal: AbortSignal,
): Promise<void> {
  while (!board.isDone()) {
    await delay(POLL_MS, undefined, { signal });
    board.update(await client.list());
    presenter.refresh();
  }
}

async function uploadAll(
  { world, plan }: DemoRun,
  board: Board,
  presenter: Presenter,
  signal: AbortSignal,
): Promise<void> {
  const container = new ContainerClient(world.connectionString, "uploads");
  await container.createIfNotExists({ abortSignal: signal });
  for (const upload of plan.uploads) {
    await holdBack(upload, board, signal);
    await performUpload(container, upload, presenter, signal);
  }
}

/** Resolves when the request of an awaited upload waits for it, or has taken too long to do so. */
async function holdBack(upload: PlannedUpload, board: Board, signal: AbortSignal): Promise<void> {
  if (upload.awaited === undefined) return;
  const isAwaited = (): boolean => {
    const status = board.rows().find(({ source }) => source === upload.source)?.status;
    return status?.state === "waiting" && findAwaitedDisk(status)?.blob === upload.blob;
  };
  const attempts = HOLD_BACK_TIMEOUT_MS / POLL_MS;
  for (let attempt = 0; attempt < attempts && !isAwaited(); attempt++) {
    await delay(POLL_MS, undefined, { signal });
  }
}

async function readFinal(client: StatusClient, board: Board): Promise<StatusView[]> {
  const seen = board.rows().flatMap(({ status }) => (status === undefined ? [] : [status]));
  const ended = seen.filter(({ state }) => isTerminal(state));
  return Promise.all(ended.map(({ requestId }) => client.get(requestId)));
}
