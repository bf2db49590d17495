import type { BlobRef } from "../../shared/image/image-request.ts";
import {
  PageCallError,
  type PageCallProblem,
  type PageTargets,
} from "../../shared/page-targets.ts";
import type { FakeBlobStore } from "./blob-store.ts";

/** Calls of a port for targets, by name. */
export type TargetCall = keyof PageTargets;

/** Page blobs in a fake blob store. */
export interface FakePageTargets extends PageTargets {
  /** Every call that was done, in order. */
  readonly calls: { readonly call: TargetCall; readonly ref: BlobRef; readonly count: number }[];
  /** Bytes that were copied inside the store, and those that came from the app. */
  readonly bytes: { copied: number; written: number };
  /** Asked before each call; what it returns is thrown. `busy-after` does the call all the same. */
  onCall: (call: TargetCall, ref: BlobRef) => PageCallProblem | "busy-after" | null;
}

export function createFakePageTargets(blobs: FakeBlobStore): FakePageTargets {
  const calls: FakePageTargets["calls"] = [];
  const bytes = { copied: 0, written: 0 };
  const act = async <T>(
    call: TargetCall,
    ref: BlobRef,
    count: number,
    effect: () => Promise<T>,
  ): Promise<T> => {
    const problem = targets.onCall(call, ref);
    if (problem !== null && problem !== "busy-after") throw new PageCallError(problem, "test");
    const result = await effect();
    if (problem === "busy-after") throw new PageCallError("busy", "test");
    calls.push({ call, ref, count });
    return result;
  };
  const requirePages = (count: number, ...offsets: readonly number[]): void => {
    const isWhole = [count, ...offsets].every((value) => value % 512 === 0);
    if (!isWhole || count <= 0 || count > 4 * 1024 * 1024) throw new Error("not whole pages");
  };
  const requireTarget = async (ref: BlobRef, end: number): Promise<void> => {
    const blob = await blobs.getProperties(ref);
    if (blob === null || end > blob.length) throw new PageCallError("target-gone", "test");
  };
  const targets: FakePageTargets = {
    calls,
    bytes,
    onCall: () => null,
    create: (ref, { length, metadata }) =>
      act("create", ref, 0, async () => {
        if ((await blobs.getProperties(ref)) !== null) return false;
        blobs.createPageBlob(ref, length, { ...metadata });
        return true;
      }),
    copy: (ref, { offset, count, source }) =>
      act("copy", ref, count, async () => {
        requirePages(count, offset, source.offset);
        const blob = await blobs.getProperties(source.ref);
        if (blob === null) throw new PageCallError("source-unreadable", "test");
        if (blob.etag !== source.etag) throw new PageCallError("source-changed", "test");
        await requireTarget(ref, offset + count);
        const range = { offset: source.offset, count, etag: source.etag };
        const read = await blobs.read(source.ref, range);
        blobs.reads.pop(); // storage has read it, not the app
        blobs.putPages(ref, offset, read);
        bytes.copied += count;
      }),
    write: (ref, offset, content) =>
      act("write", ref, content.length, async () => {
        requirePages(content.length, offset);
        await requireTarget(ref, offset + content.length);
        blobs.putPages(ref, offset, new Uint8Array(content));
        bytes.written += content.length;
      }),
    countWritten: (ref) =>
      act("countWritten", ref, 0, async () => {
        const blob = await blobs.getProperties(ref);
        if (blob === null) throw new PageCallError("target-gone", "test");
        const limit = Number.MAX_SAFE_INTEGER;
        const { ranges } = await blobs.listPageRanges(ref, { etag: blob.etag, limit });
        return ranges.reduce((sum, { count }) => sum + count, 0);
      }),
    remove: (ref) => act("remove", ref, 0, async () => blobs.remove(ref)),
  };
  return targets;
}
