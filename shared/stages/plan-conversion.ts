import { openSource } from "../conversion/open-source.ts";
import { createCallCounter } from "../conversion/plan-calls.ts";
import { targetNameOf } from "../conversion/target-name.ts";
import type { DiskReader } from "../disk/disk-reader.ts";
import type { DiskFinding } from "../disk/finding.ts";
import { nameFix } from "../disk/format/name-fix.ts";
import { inspectDisk } from "../disk/inspect-disk.ts";
import type { MapSurvey } from "../disk/maps/extent.ts";
import { readAsFixedVhd } from "../disk/maps/map-reader.ts";
import { type Refusal, type RefusalReason, RefusedDiskError } from "../disk/maps/refusal.ts";
import { type Failure, failure } from "../errors.ts";
import type { BlobProperties } from "../ports.ts";
import type { Conversion } from "../record/conversion.ts";
import type { DiskProgress } from "../record/record.ts";
import { UnpackError, unpackBlock } from "../unpack.ts";
import type { Generation } from "../vocabulary.ts";
import type { StageContext } from "./stage.ts";

/** What a source becomes, judged as the VHD that it becomes; or why it is not converted. */
export type ConversionPlan =
  | { readonly kind: "planned"; readonly conversion: Conversion; readonly finding: DiskFinding }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "damaged"; readonly failure: Failure };

/**
 * One step reads all tables of a source, so they are bounded more tightly than for the command line: a
 * hundred seconds of reads one after the other at most.
 */
export const SURVEY_IN_STEP = { passes: 8, reads: 4096, bytes: 512 * 1024 ** 2 };
const CALLS_AT_ONCE = 12;
/** Until storage turns out to be unable to read the source. */
const FIRST_PATH = "server-side";

/**
 * Plans the conversion of a blob: opens its map, checks all of its tables, and inspects the disk through
 * it. Nothing is written. Done once for each version of a blob.
 * @throws BlobChangedError when the blob changes meanwhile.
 */
export async function planConversion(
  disk: DiskProgress,
  source: {
    readonly blob: BlobProperties;
    readonly reader: DiskReader;
    readonly generation: Generation | null;
  },
  context: StageContext,
): Promise<ConversionPlan> {
  const { blob, reader, generation } = source;
  const { etag, lastModified, container, name } = blob;
  try {
    const opened = await openSource({ reader, etag, lastModified });
    if (opened.kind === "refused") return opened;
    const { map, footer } = opened;
    const calls = createCallCounter(FIRST_PATH);
    const survey = await map.survey(SURVEY_IN_STEP, calls.add);
    const finding = await inspectDisk(readAsFixedVhd(map, reader, unpackBlock, footer), {
      role: disk.role === "data" ? "data" : "os",
      ...(generation !== null && { generation }),
    });
    const to = {
      container: context.conversion.container,
      name: targetNameOf(context.locator.uriOf({ container, name }), etag),
    };
    const { format, paddedBytes } = map;
    const parts = { from: format, to, diskBytes: paddedBytes, callsTotal: calls.total() };
    const conversion = newConversion(parts, survey);
    return { kind: "planned", conversion, finding };
  } catch (error) {
    if (error instanceof RefusedDiskError) return { kind: "refused", refusal: error.refusal };
    if (error instanceof UnpackError) {
      return { kind: "damaged", failure: explainDamaged(name, error) };
    }
    throw error;
  }
}

function newConversion(
  parts: Pick<Conversion, "from" | "to" | "diskBytes" | "callsTotal">,
  { copyBytes, unpackedBytes }: MapSurvey,
): Conversion {
  return {
    ...parts,
    mode: FIRST_PATH,
    isDone: false,
    bytesTotal: copyBytes + unpackedBytes,
    bytesDone: 0,
    cursor: 0,
    bytesWritten: 0,
    targetCreatedOn: null,
    callsAtOnce: CALLS_AT_ONCE,
    calls: 0,
    seconds: 0,
    restarts: 0,
  };
}

/** Files that are not recognized as one disk: the inspection explains them by their name and content. */
const BY_INSPECTION: readonly RefusalReason[] = ["no-disk", "archive"];

/** Why a disk is not converted; null where the inspection says more about the file. */
export function explainRefusal(blobName: string, refusal: Refusal): Failure | null {
  if (BY_INSPECTION.includes(refusal.reason)) return null;
  const file = blobName.slice(blobName.lastIndexOf("/") + 1);
  const { message, offset, fix } = refusal;
  return failure({
    code: "InvalidVhd",
    message: `${blobName} ${message}${offset === null ? "" : ` (byte ${offset} of the file)`}.`,
    fix: nameFix(fix.replaceAll("SOURCE", "{FILE}"), file),
    target: blobName,
  });
}

/** The failure of a disk with a block that cannot be decompressed. */
export function explainDamaged(blobName: string, { message }: Error): Failure {
  return failure({
    code: "InvalidVhd",
    message: `${blobName} is damaged: ${message}.`,
    fix: "Compare the file with the original, for example by its SHA-256, and upload it again.",
    target: blobName,
  });
}
