import type { AdvanceContext } from "../shared/flow/advance.ts";
import type { LogSink } from "./logger.ts";

/** The invocation of a poison handler, with how often the host has delivered the message. */
export interface PoisonDelivery extends LogSink {
  readonly triggerMetadata?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Logs and counts a message that the host moved to a poison queue, at its first delivery only.
 * `about` is the request or blob that it names; null if the message cannot be read.
 */
export function reportPoisonOnce(
  queue: "work" | "upload",
  about: string | null,
  { triggerMetadata }: PoisonDelivery,
  context: Pick<AdvanceContext, "log" | "telemetry">,
): void {
  if (Number(triggerMetadata?.dequeueCount ?? 1) > 1) return;
  context.log.error("poison.message", { queue, about });
  context.telemetry.measure("vhd_to_image.poisoned", 1, { queue });
}
