import type { ErrorDetail } from "../errors.ts";
import type { DataDisk } from "../image/image-request.ts";
import { type BoundedTextRule, keepsRule, tagProblem } from "../image/names.ts";
import { LIMITS } from "../limits.ts";
import { redactUpTo } from "../redact.ts";
import { CACHING_TYPES, findWord, STORAGE_ACCOUNT_TYPES } from "../vocabulary.ts";

/** Metadata of a blob, keys in lower case. */
export type Metadata = Readonly<Record<string, string>>;

/** Reads one key; null when it is not there, or wrong, which is noted as a problem. */
export type Reader<T> = (metadata: Metadata, key: string, problems: ErrorDetail[]) => T | null;

/** One thing that metadata may say, and the setting that says it otherwise. */
export interface Field<T> {
  readonly key: string;
  readonly setting: string;
  readonly expected: string;
  readonly read: Reader<T>;
}

/** Of a wrong value so much is shown. Characters. */
const MAX_SHOWN = 80;

/** Why metadata are too much to be read, before anything looks at them; null when they are not. */
export function findExcessMetadata(metadata: Metadata): ErrorDetail | null {
  const { metadata: bytes, metadataEntries } = LIMITS;
  const entries = Object.entries(metadata);
  const count = entries.length;
  const size = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.join("")), 0);
  if (count <= metadataEntries.limit && size <= bytes.limit) return null;
  return {
    code: "InvalidMetadata",
    message: `the metadata have ${count} entries with ${size} bytes; at most ${metadataEntries.limit} entries with ${bytes.limit} bytes are read`,
    target: null,
  };
}

/** What metadata say, else the setting; null, with a problem noted, when neither does. */
export function readField<T>(
  { key, setting, expected, read }: Field<T>,
  metadata: Metadata,
  fallback: T | null,
  problems: ErrorDetail[],
): T | null {
  const value = read(metadata, key, problems) ?? fallback;
  // A wrong value has been reported already.
  if (value === null && metadata[key] === undefined) problems.push(missing(key, setting, expected));
  return value;
}

/** A reader of texts that keep a rule. */
export function readText(rule: BoundedTextRule): Reader<string> {
  return (metadata, key, problems) => {
    const value = metadata[key];
    if (value === undefined || keepsRule(value, rule)) return value ?? null;
    problems.push(invalid(key, value, rule.expected));
    return null;
  };
}

/** A reader of one of the given words, in any case. */
export function readWord<const W extends string>(words: readonly W[]): Reader<W> {
  return (metadata, key, problems) => {
    const value = metadata[key];
    if (value === undefined) return null;
    const match = findWord(words, value);
    if (match === undefined) problems.push(invalid(key, value, `one of ${words.join(", ")}`));
    return match ?? null;
  };
}

/** Options of a disk that its own metadata may set. */
export function readDiskOptions(
  metadata: Metadata,
  problems: ErrorDetail[],
): Omit<DataDisk, "lun" | "source"> {
  const storageAccountType = readWord(STORAGE_ACCOUNT_TYPES)(
    metadata,
    "storageaccounttype",
    problems,
  );
  const caching = readWord(CACHING_TYPES)(metadata, "caching", problems);
  return { ...(storageAccountType && { storageAccountType }), ...(caching && { caching }) };
}

/** The image's tags, one for each key `tag_…`; null when there is none. */
export function readTags(
  metadata: Metadata,
  problems: ErrorDetail[],
): Record<string, string> | null {
  const tags = Object.entries(metadata)
    .filter(([key]) => key.startsWith("tag_"))
    .map(([key, value]): [string, string] => [key.slice("tag_".length), value]);
  for (const [name, value] of tags) {
    const problem = tagProblem(name, value);
    if (problem !== null)
      problems.push({
        code: "InvalidMetadata",
        message: `metadata 'tag_${name}': ${problem}`,
        target: `tag_${name}`,
      });
  }
  return tags.length > 0 ? Object.fromEntries(tags) : null;
}

function missing(key: string, setting: string, allowed: string): ErrorDetail {
  return {
    code: "MissingMetadata",
    message: `the metadata '${key}' is missing (${allowed}), and so is the setting ${setting}`,
    target: key,
  };
}

function invalid(key: string, value: string, expected: string): ErrorDetail {
  return {
    code: "InvalidMetadata",
    message: `the metadata '${key}' is '${redactUpTo(value, MAX_SHOWN)}'; expected ${expected}`,
    target: key,
  };
}
