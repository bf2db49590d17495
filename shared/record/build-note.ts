import * as z from "zod";
import { foldCase } from "../image/resource-id.ts";
import { digest } from "./identity.ts";
import type { RequestRecord } from "./record.ts";

/**
 * One note per resource id says which upload Azure was last asked to make it from. It is written before
 * the record says that a PUT may be under way, which is saved before the PUT is sent: so wherever a
 * process dies, a resource that this app made has the note of the request that made it. While that
 * request is open it holds the note, and no other request sends a PUT for the id.
 *
 * A note says all that is needed to judge an image, so it may outlive the record of its request.
 */
const buildNoteSchema = z.object({
  requestId: z.string(),
  /** See {@link digestSources}. */
  sources: z.string(),
  at: z.iso.datetime(),
});
export type BuildNote = z.infer<typeof buildNoteSchema>;

/** Key of the note of a resource. Ids are the same to Azure whatever the case of their letters. */
export function buildNoteKey(id: string): string {
  return `built:${digest([foldCase(id)])}`;
}

/** The note in a text; null for one that this version does not understand: it says nothing. */
export function parseBuildNote(text: string): BuildNote | null {
  try {
    return buildNoteSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * A digest of what a request builds from, equal for two requests that build from the same: blobs by
 * name and ETag, resources by id. A blob that was never read equals nobody else's.
 */
export function digestSources({
  requestId,
  disks,
}: Pick<RequestRecord, "requestId" | "disks">): string {
  const words = disks.map(({ role, lun, ref, external, observed }) => {
    const version = ref === null ? "" : (observed?.etag ?? requestId);
    const id = external?.startsWith("/") ? foldCase(external) : (external ?? "");
    return JSON.stringify([role, lun, ref?.container, ref?.name, version, id]);
  });
  return digest(words.sort());
}
