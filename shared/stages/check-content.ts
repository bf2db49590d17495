import type { DiskFinding } from "../disk/finding.ts";
import { diskFileOf } from "../disk/format/disk-files.ts";
import { quoteForShell } from "../disk/format/shell-words.ts";
import { inspectDisk } from "../disk/inspect-disk.ts";
import { BlobChangedError, type Failure } from "../errors.ts";
import type { BlobProperties } from "../ports.ts";
import { MAX_WAIT_SECONDS } from "../record/delays.ts";
import { explainDiskProblem } from "../record/disk-failure.ts";
import { toInspection } from "../record/inspection.ts";
import type { DiskProgress } from "../record/record.ts";
import type { ConvertMode, Generation } from "../vocabulary.ts";
import { combineFailures } from "./combine-failures.ts";
import { describeProgress } from "./describe-progress.ts";
import { adviseConversion, listMistakes } from "./list-mistakes.ts";
import { type ConversionPlan, explainRefusal, planConversion } from "./plan-conversion.ts";
import { readerOf } from "./reader-of.ts";
import type { StageContext } from "./stage.ts";

/** A disk after one look at it, and what became of it. */
export interface DiskCheck {
  readonly disk: DiskProgress;
  /** Set when it can never become an image. */
  readonly failure?: Failure;
  /** Set while the request waits for it. */
  readonly lookAgainSeconds?: number;
}

/** What a blob is checked for. */
export interface ContentCheck {
  readonly blob: BlobProperties;
  /** The generation that was requested; null when it is open. */
  readonly generation: Generation | null;
  /** Whether it may be converted. */
  readonly convert: ConvertMode;
}

/** The content of a settled blob: a few ranged reads, of this ETag only. All mistakes are reported. */
export async function checkContent(
  disk: DiskProgress,
  check: ContentCheck,
  context: StageContext,
): Promise<DiskCheck> {
  const { blob, generation, convert } = check;
  const reader = readerOf(blob, context);
  try {
    const finding = await inspectDisk(reader, {
      role: disk.role === "data" ? "data" : "os",
      ...(generation !== null && { generation }),
    });
    if (isUnfinished(finding, check)) return await waitForFooter(disk, { blob, finding }, context);
    const mistakes = listMistakes(disk, blob, finding);
    // Nothing tells when an append blob is complete.
    const isWhole = blob.type !== "AppendBlob";
    if (mistakes.length > 0 && convert === "auto" && isWhole) {
      const plan = await planConversion(disk, { blob, reader, generation }, context);
      return takePlan(disk, plan, { blob, mistakes, finding });
    }
    const looked = { ...withFinding(disk, blob, finding), conversion: null };
    if (mistakes.length === 0) return { disk: { ...looked, state: "complete", detail: null } };
    const advised = isWhole ? adviseConversion(mistakes, finding) : mistakes;
    return refuse(looked, combineFailures(advised));
  } catch (error) {
    if (!(error instanceof BlobChangedError)) throw error;
    return {
      disk: { ...disk, state: "uploading", detail: "changed while it was being checked" },
      lookAgainSeconds: context.timing.settleMinSeconds,
    };
  }
}

/**
 * The app waits for the end of a page blob that is blank there, unless it was never meant to end with a
 * footer: a raw disk under the name of one.
 */
function isUnfinished(finding: DiskFinding, { blob, convert }: ContentCheck): boolean {
  if (!finding.mayBeUnfinished || blob.type !== "PageBlob") return false;
  const isRawByName = diskFileOf(blob.name)?.isConvertible === true;
  return !(convert === "auto" && isRawByName && finding.format === "raw disk");
}

function takePlan(
  disk: DiskProgress,
  plan: ConversionPlan,
  seen: {
    readonly blob: BlobProperties;
    readonly mistakes: readonly Failure[];
    readonly finding: DiskFinding;
  },
): DiskCheck {
  const { blob, mistakes, finding } = seen;
  const looked = { ...withFinding(disk, blob, finding), conversion: null };
  if (plan.kind === "refused") {
    // Of a fixed VHD the inspection knows as much as its map, and says it in the words of every VHD.
    const isFixedVhd = finding.format === "fixed VHD" && blob.type === "PageBlob";
    const reason = isFixedVhd ? null : explainRefusal(blob.name, plan.refusal);
    return refuse(looked, reason ?? combineFailures(mistakes));
  }
  if (plan.kind === "damaged") return refuse(looked, plan.failure);
  const { conversion } = plan;
  const judged = withFinding(disk, blob, plan.finding);
  if (plan.finding.problem !== null) {
    return refuse(judged, explainDiskProblem(blob.name, plan.finding.problem));
  }
  return { disk: { ...judged, state: "complete", detail: null, conversion } };
}

function withFinding(disk: DiskProgress, blob: BlobProperties, finding: DiskFinding): DiskProgress {
  const warnings = [...finding.warnings, ...explainLease(blob)];
  return { ...disk, inspection: toInspection(finding), warnings };
}

/**
 * The blob is complete, so there is nothing to wait for; the detail says why it is not usable. A request that
 * does not end at once (a manifest may still name the blob) looks at it again.
 */
function refuse(disk: DiskProgress, reason: Failure): DiskCheck {
  return { disk: { ...disk, state: "complete", detail: reason.message }, failure: reason };
}

/** No footer means not uploaded to the end, as far as anyone can tell from outside. */
async function waitForFooter(
  disk: DiskProgress,
  { blob, finding }: { readonly blob: BlobProperties; readonly finding: DiskFinding },
  context: StageContext,
): Promise<DiskCheck> {
  const detail = await describeProgress(blob, finding, context);
  const lookAgainSeconds = Math.min(MAX_WAIT_SECONDS, Math.max(1, context.timing.settleSeconds));
  return { disk: { ...disk, state: "uploading", detail }, lookAgainSeconds };
}

/** Azure takes a lease on the blob while it copies it, and cannot where somebody else has one. */
function explainLease({ lease, container, name }: BlobProperties): readonly string[] {
  if (lease !== "infinite") return [];
  return [
    `has an infinite lease, so Azure may be unable to read it while the image is created; if nobody needs the lease, break it: az storage blob lease break --container-name ${container} --blob-name ${quoteForShell(name)}`,
  ];
}
