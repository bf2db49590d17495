import { failure } from "../errors.ts";
import { describeWaiting } from "../record/plan-disks.ts";
import type { RequestRecord } from "../record/record.ts";
import { enter, fail } from "../record/transitions.ts";
import { checkDisks } from "./check-disks.ts";
import { enterWhenComplete } from "./enter-when-complete.ts";
import {
  lookAgain,
  momentOf,
  proceed,
  type Stage,
  type StageContext,
  type StageResult,
} from "./stage.ts";
import { settleVhd } from "./vhd-upload.ts";

/** Waits until every blob of the request is complete and checked. */
export const settle: Stage = (record, context) =>
  record.kind === "manifest" ? settleManifest(record, context) : settleVhd(record, context);

async function settleManifest(record: RequestRecord, context: StageContext): Promise<StageResult> {
  const manifest = await context.blobs.getProperties(record.source);
  if (manifest === null) {
    return proceed(
      enter(
        record,
        "canceled",
        "the manifest was deleted while the app waited for its disks",
        momentOf(context),
      ),
    );
  }
  if (manifest.etag !== record.source.etag) {
    return proceed(
      enter(record, "canceled", "the manifest was replaced by a newer upload", momentOf(context)),
    );
  }
  const manifestWrittenAt = new Date(record.source.lastModified);
  const check = await checkDisks(
    record.disks,
    {
      manifest: record.source,
      manifestWrittenAt,
      attempts: record.attempts,
      generation: record.request?.hyperVGeneration ?? null,
      convert: record.convert ?? context.conversion.mode,
      known: null,
    },
    context,
  );
  const looked = { ...record, disks: check.disks };
  if (check.failure !== null) return proceed(fail(looked, check.failure, momentOf(context)));
  if (check.allReady) {
    return proceed(await enterWhenComplete(looked, context));
  }
  return lookAgain(looked, check.lookAgainSeconds);
}

/** The failure of a request whose disks did not become complete in time. */
export function explainWaitDeadline(record: RequestRecord, context: StageContext): RequestRecord {
  const waiting = describeWaiting(record.disks) ?? "nothing";
  return fail(
    record,
    failure({
      code: "UploadIncomplete",
      message: `Not complete before the deadline: ${waiting}.`,
      fix: "Upload the named blobs completely, then upload the manifest again; WAIT_DEADLINE_HOURS sets how long the app waits.",
      retryable: true,
      details: record.disks.flatMap((disk) =>
        disk.ref === null || disk.state === "complete"
          ? []
          : [
              {
                code: "UploadIncomplete",
                message: `${disk.state}${disk.observed ? `, last written ${disk.observed.lastModified}` : ""}`,
                target: disk.ref.name,
              },
            ],
      ),
    }),
    momentOf(context),
  );
}
