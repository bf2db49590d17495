import { ArmError } from "../errors.ts";

type Tags = Readonly<Record<string, string>>;

interface TagRule {
  readonly code: string;
  /** Returns the names of the tags that break the rule. */
  readonly offenders: (tags: Tags) => readonly string[];
  readonly message: (names: string) => string;
}

const MAX_TAGS = 50;
const MAX_NAME_LENGTH = 512;
const MAX_VALUE_LENGTH = 256;
const RESERVED = /[<>%&\\?/]/;

/**
 * Limits from https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources.
 * The codes are Resource Manager's as far as they have been seen; the wording is this simulator's.
 */
const RULES: readonly TagRule[] = [
  {
    code: "InvalidTagCount",
    offenders: (tags) => Object.keys(tags).slice(MAX_TAGS),
    message: () => `The number of tags exceeds the maximum of ${MAX_TAGS}.`,
  },
  {
    code: "EmptyTagName",
    offenders: (tags) => Object.keys(tags).filter((name) => name.trim() === ""),
    message: () => "Tag names can not be empty.",
  },
  {
    code: "InvalidTagNameLength",
    offenders: (tags) => Object.keys(tags).filter((name) => name.length > MAX_NAME_LENGTH),
    message: (names) =>
      `The tag names '${names}' exceed the maximum of ${MAX_NAME_LENGTH} characters.`,
  },
  {
    code: "InvalidTagNameCharacters",
    offenders: (tags) => Object.keys(tags).filter((name) => RESERVED.test(name)),
    message: (names) => `The tag names '${names}' have reserved characters '<,>,%,&,\\,?,/'.`,
  },
  {
    code: "InvalidTagValueLength",
    offenders: (tags) =>
      Object.keys(tags).filter((name) => (tags[name] ?? "").length > MAX_VALUE_LENGTH),
    message: (names) =>
      `The values of the tags '${names}' exceed the maximum of ${MAX_VALUE_LENGTH} characters.`,
  },
  {
    code: "AmbiguousTagNames",
    offenders: (tags) => {
      const names = Object.keys(tags);
      const lower = names.map((name) => name.toLowerCase());
      return names.filter((_, index) => lower.indexOf(lower[index] ?? "") !== index);
    },
    message: (names) => `The tag names '${names}' differ from others in case only.`,
  },
];

/**
 * Refuses tags that Resource Manager would not store.
 *
 * @throws ArmError 400 with the code of the first rule broken
 */
export function judgeTags(tags: Tags | undefined): void {
  for (const rule of RULES) {
    const offenders = rule.offenders(tags ?? {});
    if (offenders.length > 0) throw new ArmError(400, rule.code, rule.message(offenders.join(",")));
  }
}
