import { createHash } from "node:crypto";
import type { Conversion } from "../record/conversion.ts";

/** Changes when the same source becomes other bytes than by an earlier version of the app. */
const PLAN_VERSION = 1;
const NAME_LENGTH = 24;
const NAME = /^([0-9a-f]{24})\.vhd$/;

/**
 * Name of the blob that a version of a source becomes: the same for everybody who converts it, so that
 * the work is done once, and another one for every other version.
 */
export function targetNameOf(sourceUri: string, etag: string): string {
  const words = JSON.stringify([PLAN_VERSION, sourceUri, etag]);
  return `${createHash("sha256").update(words).digest("hex").slice(0, NAME_LENGTH)}.vhd`;
}

/** Whether a blob has the name of a target. */
export function isTargetName(name: string): boolean {
  return NAME.test(name);
}

/** Key of the metadata by which the app knows its own targets. */
export const TARGET_MARK = "vhdtoimage";
/** Its value. */
export const TARGET_MARK_VALUE = `conversion-${PLAN_VERSION}`;

/** Key of the note that says who uses a target, and who writes it. */
export function targetNoteKey({ to }: Pick<Conversion, "to">): string {
  return `converted-${to.name.slice(0, NAME_LENGTH)}`;
}
