/** One field of a schedule: the numbers it may hold, and the names that stand for them. */
interface Field {
  readonly minimum: number;
  readonly maximum: number;
  /** English names from `minimum` on; the first three letters are enough. */
  readonly names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const SECOND: Field = { minimum: 0, maximum: 59 };
const FIELDS: readonly Field[] = [
  { minimum: 0, maximum: 59 },
  { minimum: 0, maximum: 23 },
  { minimum: 1, maximum: 31 },
  { minimum: 1, maximum: 12, names: MONTHS },
  { minimum: 0, maximum: 6, names: DAYS },
];

/** What a schedule has to look like, as it reads after "must be". */
export const NCRONTAB_EXPECTED =
  "an NCRONTAB expression of six fields, such as '0 */5 * * * *' (second, minute, hour, day, month, day of week)";

/**
 * Whether the Functions host takes a text as the schedule of a timer: six fields, or five without the
 * seconds, each a list of `*`, values, ranges and steps.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function isNcrontab(text: string): boolean {
  const parts = text.trim().split(/\s+/);
  const fields = parts.length === FIELDS.length ? FIELDS : [SECOND, ...FIELDS];
  return (
    parts.length === fields.length &&
    fields.every((field, index) => isList(parts[index] ?? "", field))
  );
}

function isList(text: string, field: Field): boolean {
  return text.split(",").every((item) => isRange(item, field));
}

function isRange(text: string, field: Field): boolean {
  const [range = "", step, ...rest] = text.split("/");
  if (rest.length > 0 || (step !== undefined && !isStep(step))) return false;
  if (range === "*") return true;
  const ends = range.split("-").map((end) => numberOf(end, field));
  return (
    ends.length <= 2 &&
    ends.every((end) => end !== null && end >= field.minimum && end <= field.maximum)
  );
}

function isStep(text: string): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) > 0;
}

function numberOf(text: string, { minimum, names = [] }: Field): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const index = text.length < 3 ? -1 : names.indexOf(text.slice(0, 3).toLowerCase());
  return index < 0 ? null : minimum + index;
}
