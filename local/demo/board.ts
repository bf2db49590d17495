import type { StatusView } from "../../shared/http/status-view.ts";
import { isTerminal, type RequestState } from "../../shared/record/states.ts";
import { type Detail, describe } from "./detail.ts";
import type { DemoRequest } from "./plan.ts";

/** What is known about a request: before the app has seen it, how far its uploads are. */
export type RowState = "to upload" | "uploading" | "uploaded" | RequestState;

/** One request as the demo sees it. */
export type Row = DemoRequest & {
  readonly state: RowState;
  readonly detail: Detail;
  /** Seconds since its first upload began, until it ended; undefined before. */
  readonly seconds: number | undefined;
  readonly status: StatusView | undefined;
};

export type Board = {
  uploadStarted(source: string): void;
  uploadEnded(source: string): void;
  /** Takes the app's present view of all its requests. */
  update(statuses: readonly StatusView[]): void;
  rows(): Row[];
  /** Whether every request has ended. */
  isDone(): boolean;
};

type Entry = {
  request: DemoRequest;
  upload: "to upload" | "uploading" | "uploaded";
  startedAt: number | undefined;
  endedAt: number | undefined;
  status: StatusView | undefined;
};

/** Returns a board on which nothing has been uploaded yet. @param now a clock in milliseconds */
export function createBoard(requests: readonly DemoRequest[], now: () => number): Board {
  const entries = new Map<string, Entry>(
    requests.map((request) => [
      request.source,
      {
        request,
        upload: "to upload",
        startedAt: undefined,
        endedAt: undefined,
        status: undefined,
      },
    ]),
  );
  const setUpload = (source: string, upload: Entry["upload"]): void => {
    const entry = entries.get(source);
    if (entry === undefined) return;
    entry.upload = upload;
    entry.startedAt ??= now();
  };
  return {
    uploadStarted: (source) => setUpload(source, "uploading"),
    uploadEnded: (source) => setUpload(source, "uploaded"),
    update(statuses) {
      for (const status of statuses) {
        const entry = entries.get(status.source);
        if (entry === undefined) continue;
        entry.status = status;
        if (isTerminal(status.state)) entry.endedAt ??= now();
      }
    },
    rows: () => [...entries.values()].map((entry) => toRow(entry, now())),
    isDone: () => [...entries.values()].every(({ endedAt }) => endedAt !== undefined),
  };
}

function toRow({ request, upload, startedAt, endedAt, status }: Entry, now: number): Row {
  return {
    ...request,
    state: status?.state ?? upload,
    detail: status === undefined ? { text: "", brief: "" } : describe(status),
    seconds: startedAt === undefined ? undefined : ((endedAt ?? now) - startedAt) / 1000,
    status,
  };
}
