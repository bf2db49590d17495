import type { Conversion } from "../record/conversion.ts";
import type { StageContext } from "./stage.ts";

/** Note with the day, the bytes of that day's conversions, and for which of them. One row for good. */
const BUDGET_NOTE = "conversions-of-day";
const MAX_RACES = 10;
/** Conversions that are remembered; one that was forgotten and is repeated counts twice. */
const MAX_KEYS = 500;
/** Characters of a request's id and of a target's name: enough to tell those of a day apart. */
const KEY_CHARACTERS = 12;

type BudgetContext = Pick<StageContext, "records" | "clock" | "conversion">;

/** Today's conversions, as noted. */
interface Budget {
  /** The note as it was read, to be replaced only while unchanged. */
  readonly text: string | null;
  readonly today: string;
  readonly sum: number;
  readonly keys: readonly string[];
}

/** Whether so many bytes more may be converted today. Nothing is counted. */
export async function hasRoomToday(bytes: number, context: BudgetContext): Promise<boolean> {
  const { sum } = await readBudget(context);
  return sum + bytes <= context.conversion.maxBytesPerDay;
}

/**
 * Counts the data of a target in today's sum, before the request writes it from its start; false when it does
 * not fit. The same start counts once, however often the step is taken: after a crash, or when
 * the answer of the table was lost.
 */
export async function countConversion(
  { to, bytesTotal, restarts }: Conversion,
  requestId: string,
  context: BudgetContext,
): Promise<boolean> {
  const key = [requestId, to.name].map((part) => part.slice(0, KEY_CHARACTERS)).join("-");
  const ownKey = `${key}-${restarts}`;
  for (let race = 0; race < MAX_RACES; race++) {
    const { text, today, sum, keys } = await readBudget(context);
    if (keys.includes(ownKey)) return true;
    const newSum = sum + bytesTotal;
    if (newSum > context.conversion.maxBytesPerDay) return false;
    const newKeys = [...keys, ownKey].slice(-MAX_KEYS).join(",");
    const counted = `${today} ${newSum} ${newKeys}`;
    if (await context.records.swapNote(BUDGET_NOTE, text, counted)) return true;
  }
  // Others count all the time; the step is taken again.
  throw new Error("the sum of today's conversions was changed by others again and again");
}

async function readBudget({ records, clock }: BudgetContext): Promise<Budget> {
  const today = clock().toISOString().slice(0, 10);
  const text = await records.getNote(BUDGET_NOTE);
  const [day, sum, keys = ""] = (text ?? "").split(" ");
  const bytes = Number(sum);
  if (day !== today || !Number.isFinite(bytes)) return { text, today, sum: 0, keys: [] };
  return { text, today, sum: bytes, keys: keys.split(",") };
}
