import type { StageContext } from "./stage.ts";

/** Note with the day, and the bytes that conversions of that day have reserved. One row for good. */
const BUDGET_NOTE = "conversions-of-day";
const MAX_RACES = 10;

/**
 * Counts the data of a conversion in today's sum; false when there is no room for it. A process that
 * dies right afterwards counts it twice: the limit is kept then, only earlier.
 */
export async function reserveBytes(
  bytes: number,
  { records, clock, conversion }: Pick<StageContext, "records" | "clock" | "conversion">,
): Promise<boolean> {
  const today = clock().toISOString().slice(0, 10);
  for (let race = 0; race < MAX_RACES; race++) {
    const text = await records.getNote(BUDGET_NOTE);
    const sum = readSum(text, today) + bytes;
    if (sum > conversion.maxBytesPerDay) return false;
    if (await records.swapNote(BUDGET_NOTE, text, `${today} ${sum}`)) return true;
  }
  // Others reserve all the time; the step is taken again.
  throw new Error("the sum of today's conversions was changed by others again and again");
}

function readSum(text: string | null, today: string): number {
  const [day, sum] = (text ?? "").split(" ");
  const bytes = Number(sum);
  return day === today && Number.isFinite(bytes) ? bytes : 0;
}
