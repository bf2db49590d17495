import * as z from "zod";
import { blobRefSchema } from "../image/image-request.ts";

/**
 * How the bytes of a disk get to its target. `server-side`: storage copies what is stored as it is, and
 * only what is compressed passes through the app. `through`: all of it does, where storage cannot read
 * the source.
 */
export const CONVERSION_PATHS = ["server-side", "through"] as const;
export type ConversionPath = (typeof CONVERSION_PATHS)[number];

export const conversionSchema = z.object({
  /** Format of the source. */
  from: z.string(),
  /** The fixed VHD that the disk becomes, and is used as. */
  to: blobRefSchema,
  mode: z.enum(CONVERSION_PATHS),
  /** Whether the target is complete, its footer included. */
  isDone: z.boolean(),
  /** Bytes of the disk in the target, whole MiB, without its footer. */
  diskBytes: z.number(),
  /** Bytes of the disk that are not zero by the source's tables, and how many of them are done. */
  bytesTotal: z.number(),
  bytesDone: z.number(),
  /** Calls that write those bytes, as counted before the first; absent from older records. */
  callsTotal: z.number().optional(),
  /** Byte of the disk up to which everything is done. */
  cursor: z.number(),
  /** Bytes of the target's pages that were written up to the cursor: what is unpacked may be zero. */
  bytesWritten: z.number(),
  /** When the target was created; null before this request has found or created it. */
  targetCreatedOn: z.iso.datetime().nullable(),
  /** Calls at the same time; halved when storage is busy. */
  callsAtOnce: z.number(),
  /** Calls so far, those of attempts that failed included. */
  calls: z.number(),
  /** Seconds of work so far. */
  seconds: z.number(),
  /** Times that the target was written from the start, as it turned out not to be what was written. */
  restarts: z.number(),
});

/** How one disk of a request is converted, and how far it is. */
export type Conversion = z.infer<typeof conversionSchema>;

/** Share of the bytes that are done, in whole percent, rounded down. */
export function percentOf({ bytesTotal, bytesDone, isDone }: Conversion): number {
  if (isDone) return 100;
  return bytesTotal === 0 ? 0 : Math.min(99, Math.floor((100 * bytesDone) / bytesTotal));
}

/** What a standard page blob takes at most (scale targets of Blob Storage). */
const MODEL = { bytesPerSecond: 60 * 1024 * 1024, callsPerSecond: 500 } as const;

/** Seconds of work that are left: at the rate so far, before that at the most that storage takes. */
export function secondsLeft(conversion: Conversion): number {
  const { bytesTotal, bytesDone, callsTotal = 0, seconds, isDone } = conversion;
  if (isDone) return 0;
  const left = bytesTotal - bytesDone;
  if (bytesDone > 0 && seconds > 0) return Math.ceil((left / bytesDone) * seconds);
  return Math.ceil(Math.max(left / MODEL.bytesPerSecond, callsTotal / MODEL.callsPerSecond));
}
