import { FunctionIndexingError } from "../errors.ts";

/** The moments a six-field NCRONTAB expression names, in UTC. */
export interface CronSchedule {
  /** Returns the first matching moment after `after`, or undefined when there is none. */
  next(after: Date): Date | undefined;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS = [
  { name: "second", min: 0, max: 59 },
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, names: MONTHS },
  { name: "day of week", min: 0, max: 6, names: DAYS },
] as const satisfies readonly Field[];

/** A date that never comes (30 February) is abandoned after one leap-year cycle. */
const SEARCH_YEARS = 8;

/**
 * Returns the schedule of `{second} {minute} {hour} {day} {month} {day of week}`, where a field is
 * a list of `*`, values, ranges `a-b` and steps `/n`; months and days may be English names. Day and
 * day of week must both match. Five fields are taken as starting at second 0
 * (https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions).
 * Throws FunctionIndexingError naming the field that is wrong.
 */
export function parseNcrontab(expression: string): CronSchedule {
  const parts = expression.trim().split(/\s+/);
  const texts = parts.length === 5 ? ["0", ...parts] : parts;
  if (texts.length !== FIELDS.length) {
    throw new FunctionIndexingError(
      `Schedule '${expression}' has ${parts.length} fields; {second} {minute} {hour} {day} {month} {day of week} are needed.`,
    );
  }
  const sets = FIELDS.map((field, index) => parseField(field, texts[index] ?? "*", expression));
  const [seconds, minutes, hours, days, months, weekdays] = sets as [
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const matchesDay = (date: Date): boolean =>
    months.includes(date.getUTCMonth() + 1) &&
    days.includes(date.getUTCDate()) &&
    weekdays.includes(date.getUTCDay());
  return { next: (after) => findNext(after, matchesDay, { hours, minutes, seconds }) };
}

interface TimesOfDay {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
}

function findNext(
  after: Date,
  matchesDay: (date: Date) => boolean,
  times: TimesOfDay,
): Date | undefined {
  const start = Math.floor(after.getTime() / 1000) * 1000 + 1000;
  const day = new Date(start);
  day.setUTCHours(0, 0, 0, 0);
  const lastYear = day.getUTCFullYear() + SEARCH_YEARS;
  while (day.getUTCFullYear() <= lastYear) {
    const found = matchesDay(day) ? findTimeOfDay(day, start, times) : undefined;
    if (found !== undefined) return found;
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return undefined;
}

/** Returns the first of `times` on `day` that is not before `start` (milliseconds). */
function findTimeOfDay(
  day: Date,
  start: number,
  { hours, minutes, seconds }: TimesOfDay,
): Date | undefined {
  const secondsIntoDay = Math.max(0, (start - day.getTime()) / 1000);
  for (const hour of hours) {
    if (hour * 3600 + 3599 < secondsIntoDay) continue;
    for (const minute of minutes) {
      const minuteStart = hour * 3600 + minute * 60;
      const second = seconds.find((each) => minuteStart + each >= secondsIntoDay);
      if (second !== undefined) return new Date(day.getTime() + (minuteStart + second) * 1000);
    }
  }
  return undefined;
}

function parseField(field: Field, text: string, expression: string): number[] {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    for (const value of expandItem(field, item, expression)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function expandItem(field: Field, item: string, expression: string): number[] {
  const match = /^(?<from>\*|[\da-z]+)(?:-(?<to>[\da-z]+))?(?:\/(?<step>\d+))?$/i.exec(item);
  const refuse = (): never => {
    throw new FunctionIndexingError(
      `Schedule '${expression}': '${item}' is not a valid ${field.name} (${field.min}-${field.max}).`,
    );
  };
  const { from = "", to, step = "1" } = match?.groups ?? refuse();
  const isAll = from === "*";
  const first = isAll ? field.min : (parseValue(field, from) ?? refuse());
  const hasOpenEnd = isAll || (to === undefined && item.includes("/"));
  const last = hasOpenEnd ? field.max : (parseValue(field, to ?? from) ?? refuse());
  const increment = Number(step);
  if (increment < 1 || last < first || (isAll && to !== undefined)) refuse();
  const count = Math.floor((last - first) / increment) + 1;
  return Array.from({ length: count }, (_, index) => first + index * increment);
}

function parseValue(field: Field, text: string): number | undefined {
  const named = field.names?.findIndex((name) => text.toLowerCase().startsWith(name)) ?? -1;
  const value = named >= 0 ? named + field.min : /^\d+$/.test(text) ? Number(text) : undefined;
  // Day of week 7 is Sunday too, as in cron.
  const normal = field.names === DAYS && value === 7 ? 0 : value;
  if (normal === undefined) return undefined;
  return normal >= field.min && normal <= field.max ? normal : undefined;
}
