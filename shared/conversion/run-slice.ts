import type { DiskReader } from "../disk/disk-reader.ts";
import type { DiskMap } from "../disk/maps/extent.ts";
import type { BlobRef } from "../image/image-request.ts";
import { PageCallError, type PageCallProblem, type PageTargets } from "../page-targets.ts";
import type { Clock } from "../ports.ts";
import type { Conversion } from "../record/conversion.ts";
import { fillWindow } from "./fill-window.ts";
import { type PlannedCall, planCalls } from "./plan-calls.ts";

/** What a slice works on. */
export interface SliceWork {
  readonly conversion: Conversion;
  readonly map: DiskMap;
  readonly reader: DiskReader;
  readonly source: BlobRef;
  readonly etag: string;
  readonly targets: PageTargets;
  readonly clock: Clock;
}

/** What came of a slice: how far everything is done, and what stopped it before the end of the disk. */
export interface SliceResult {
  readonly conversion: Conversion;
  /** Null when the time was over, or the end was reached. */
  readonly problem: PageCallProblem | null;
  readonly isAtEnd: boolean;
  /** Of this slice alone. */
  readonly spent: SliceSpending;
}

export interface SliceSpending {
  readonly calls: number;
  readonly copiedBytes: number;
  /** Bytes that the app wrote itself. */
  readonly passedBytes: number;
  readonly seconds: number;
}

/**
 * No call begins after this; one takes at most 20 s more, so that a slice lasts a minute at most. The
 * host ends an invocation after five.
 */
export const SLICE_SECONDS = 40;
/** More than these at the same time only make storage refuse some (docs/conversion.md). */
export const MAX_CALLS_AT_ONCE = 16;
/** Windows hold what they read and what they unpack: some 20 MiB each. */
const MAX_WINDOWS_AT_ONCE = 3;

/** A call in the order of the disk, and what it did once it is done. */
interface Pending {
  readonly call: PlannedCall;
  done: { readonly written: number } | null;
}

/**
 * Works on a disk from its cursor on for as long as a slice may take, with several calls at a time. After
 * a problem no call begins, and the slice ends with the last one under way. The cursor comes to the first byte that is
 * not certainly done, so that whatever was done beyond it is done again, with the same bytes.
 * @throws what reading and unpacking the source throws, once no call is under way any more.
 */
export async function runSlice(work: SliceWork): Promise<SliceResult> {
  const { conversion, map, clock } = work;
  const startedAt = clock().getTime();
  const isOver = (): boolean => clock().getTime() - startedAt >= SLICE_SECONDS * 1000;
  const pending: Pending[] = [];
  const running = { copy: new Set<Promise<void>>(), window: new Set<Promise<void>>() };
  const spent = { calls: 0, copiedBytes: 0, passedBytes: 0 };
  const progress = { cursor: conversion.cursor, bytesDone: 0, bytesWritten: 0 };
  const trouble: { problem: PageCallProblem | null; error: unknown } = {
    problem: null,
    error: null,
  };
  const isStopped = (): boolean => trouble.problem !== null || trouble.error !== null;
  const settle = (): void => {
    while (pending[0]?.done) {
      const { call, done } = pending.shift() as Pending;
      progress.cursor = call.to;
      progress.bytesDone += call.to - Math.max(call.from, conversion.cursor);
      progress.bytesWritten += done?.written ?? 0;
    }
  };
  const start = (call: PlannedCall): void => {
    const entry: Pending = { call, done: null };
    pending.push(entry);
    const group = running[call.kind];
    const task = carryOut(call, work, spent)
      .then((written) => {
        entry.done = { written };
        settle();
      })
      .catch((error: unknown) => {
        if (error instanceof PageCallError) trouble.problem ??= error.problem;
        else trouble.error ??= error;
      })
      .finally(() => group.delete(task));
    group.add(task);
  };
  let isAtEnd = true;
  try {
    for await (const call of planCalls(map.extents(conversion.cursor), conversion.mode)) {
      while (!isStopped() && isFull(running, conversion.callsAtOnce)) {
        await Promise.race([...running.copy, ...running.window]);
      }
      if (isStopped() || isOver()) {
        isAtEnd = false;
        break;
      }
      start(call);
    }
  } finally {
    await Promise.all([...running.copy, ...running.window]);
  }
  if (trouble.error !== null) throw trouble.error;
  const isComplete = isAtEnd && trouble.problem === null;
  const seconds = (clock().getTime() - startedAt) / 1000;
  return {
    conversion: {
      ...conversion,
      cursor: isComplete ? map.paddedBytes : progress.cursor,
      bytesDone: conversion.bytesDone + progress.bytesDone,
      bytesWritten: conversion.bytesWritten + progress.bytesWritten,
      callsAtOnce: nextCallsAtOnce(conversion.callsAtOnce, trouble.problem),
      calls: conversion.calls + spent.calls,
      seconds: conversion.seconds + seconds,
    },
    problem: trouble.problem,
    isAtEnd: isComplete,
    spent: { ...spent, seconds },
  };
}

function isFull(
  running: Readonly<Record<PlannedCall["kind"], ReadonlySet<unknown>>>,
  callsAtOnce: number,
): boolean {
  const { copy, window } = running;
  return copy.size + window.size >= callsAtOnce || window.size >= MAX_WINDOWS_AT_ONCE;
}

/** Halved when storage is busy; one more after each slice in which it was not. */
function nextCallsAtOnce(now: number, problem: PageCallProblem | null): number {
  if (problem === "busy") return Math.max(1, Math.floor(now / 2));
  return problem === null ? Math.min(MAX_CALLS_AT_ONCE, now + 1) : now;
}

/** Carries out one call and returns the bytes of the target's pages that it wrote. */
async function carryOut(
  call: PlannedCall,
  { conversion, reader, source, etag, targets }: SliceWork,
  spent: { -readonly [Key in "calls" | "copiedBytes" | "passedBytes"]: number },
): Promise<number> {
  if (call.kind === "copy") {
    spent.calls += 1;
    const count = call.to - call.from;
    const range = { ref: source, etag, offset: call.fileOffset };
    await targets.copy(conversion.to, { offset: call.from, count, source: range });
    spent.copiedBytes += count;
    return count;
  }
  let written = 0;
  for (const { offset, bytes } of await fillWindow(call, reader)) {
    spent.calls += 1;
    await targets.write(conversion.to, offset, bytes);
    spent.passedBytes += bytes.length;
    written += bytes.length;
  }
  return written;
}
