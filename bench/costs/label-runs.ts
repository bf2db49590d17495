import type { Run } from "./run.ts";

/** The uploads that are measured, by what they are. */
export const UPLOADS = {
  /** A VHD that no manifest names. */
  alone: /^alone-.*\.vhd$/,
  /** A manifest that names one VHD. */
  manifest: /^image-.*\.json$/,
  /** The VHD that such a manifest names; its own request ends when the manifest is read. */
  disk: /^disk-.*\.vhd$/,
} as const;
export type Upload = keyof typeof UPLOADS;

/** What a run did, so that runs with the same label cost about the same. */
export type Label = `${Upload}: ${string}`;

/** Label of a step that leaves its request in the state. */
export function stays(upload: Upload, state: string): Label {
  return `${upload}: ${state}, checks again`;
}

/** Label of a step that brings its request from one state into another. */
export function goes(upload: Upload, from: string, to: string): Label {
  return `${upload}: ${from} → ${to}`;
}

/**
 * Label of a step that finds itself taken: the message that is sent before the PUT, in case that the
 * process dies, comes when the others have long been processed.
 */
export function findsNothing(upload: Upload): Label {
  return `${upload}: nothing to do`;
}

/** Label of the run that opens the request of an upload. */
export function opens(upload: Upload): Label {
  return `${upload}: ingest`;
}

/** What the earlier runs say about a request. */
interface Known {
  readonly upload: Upload | null;
  readonly state: string;
  /** The latest step that was requested. */
  readonly step: number;
}

/**
 * The runs with their labels, without those that are for no upload or another one.
 * @param runs in the order of their start, from the first on: a step that changes nothing does not tell
 * its request's state, the steps before it do
 */
export function labelRuns(
  runs: readonly Run[],
): readonly { readonly run: Run; readonly label: Label }[] {
  const requests = new Map<string, Known>();
  return runs.flatMap((run) => {
    const known = requests.get(run.requestId ?? "");
    const label = labelRun(run, known);
    const last = run.transitions.at(-1);
    const upload = last === undefined ? (known?.upload ?? null) : uploadOf(last.source);
    const state = last?.to ?? known?.state ?? "";
    const step = Math.max(run.step ?? 0, known?.step ?? 0);
    if (run.requestId !== null) requests.set(run.requestId, { upload, state, step });
    return label === null ? [] : [{ run, label }];
  });
}

function labelRun(run: Run, known: Known | undefined): Label | null {
  if (run.function === "ingest") {
    const upload = uploadOf(run.blob ?? "");
    return upload && opens(upload);
  }
  const change = run.transitions.find(({ from }) => from !== null);
  if (change?.from) {
    const upload = uploadOf(change.source);
    return upload && goes(upload, change.from, change.to);
  }
  if (!known?.upload) return null;
  const isStale = run.step !== null && run.step < known.step;
  return isStale ? findsNothing(known.upload) : stays(known.upload, known.state);
}

function uploadOf(blob: string): Upload | null {
  const names = Object.keys(UPLOADS) as Upload[];
  return names.find((name) => UPLOADS[name].test(blob)) ?? null;
}
