import * as z from "zod";

/** A message of the work queue. */
export const workMessageSchema = z.object({
  requestId: z.string().min(1),
  step: z.int().optional(),
  // Anything other than a trace would be ignored later; that does not justify refusing the message.
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional()
    .catch(undefined),
});
