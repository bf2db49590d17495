import { definitionId, type GalleryRequest } from "../../image/gallery-request.ts";
import { foldCase } from "../../image/resource-id.ts";
import { digest } from "../../record/identity.ts";
import { addSeconds } from "../../record/transitions.ts";
import type { OutputSubject } from "../output-kind.ts";

/** Twice as long as a call waits for its answer: a PUT that is not visible by then was not accepted. */
const HOLD_SECONDS = 120;

/** The right to send the PUT of a definition. */
export interface DefinitionHold {
  /** Lets others have it at once: the PUT was refused. */
  release(): Promise<void>;
}

/**
 * The right to send the PUT of a definition, for two minutes; null while somebody has it. Of all steps
 * that want it at the same time one gets it, also of two steps of the same request: messages arrive at
 * least once. Should its process die, the next one that asks gets it after that time.
 */
export async function holdDefinition(
  gallery: GalleryRequest,
  { record, records, clock }: Pick<OutputSubject, "record" | "records" | "clock">,
): Promise<DefinitionHold | null> {
  const key = `definition:${digest([foldCase(definitionId(gallery))])}`;
  const before = await records.getNote(key);
  const now = clock();
  if (before !== null && now < endOf(before)) return null;
  const own = toNote(record.requestId, addSeconds(now, HOLD_SECONDS));
  if (!(await records.swapNote(key, before, own))) return null;
  return {
    async release() {
      await records.swapNote(key, own, toNote(record.requestId, now));
    },
  };
}

/** Who has the right, and until when. */
function toNote(requestId: string, until: Date): string {
  return `${requestId} ${until.toISOString()}`;
}

/** Notes without a time are from before there were any, and over. */
function endOf(note: string): Date {
  return new Date(note.split(" ")[1] ?? 0);
}
