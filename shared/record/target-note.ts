import * as z from "zod";

/** What is noted of a converted disk. */
export const targetNoteSchema = z.object({
  /** Requests whose disks this is, those that have ended included. */
  users: z.array(z.string()),
  /** The request that writes it. */
  writer: z.string().nullable(),
  /** Until when nobody else may; then the writer counts as dead. */
  until: z.iso.datetime().nullable(),
});
/** What is noted of a target: it is shared by all requests that convert the same version of a source. */
export type TargetNote = z.infer<typeof targetNoteSchema>;
