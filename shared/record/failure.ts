import * as z from "zod";

/** Why a request or one of its outputs failed, as a record keeps it. */
export const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  fix: z.string().nullable(),
  retryable: z.boolean(),
  target: z.string().nullable(),
  details: z
    .array(z.object({ code: z.string(), message: z.string(), target: z.string().nullable() }))
    .readonly(),
});
