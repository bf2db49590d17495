import { ArmError } from "../errors.ts";

type Tags = Readonly<Record<string, string>>;

interface TagRule {
  readonly code: string;
  /** Returns the names of the tags that break the rule. */
  readonly offenders: (tags: Tags) => readonly string[];
  readonly message: (names: string) => string;
}

const maxTags = 50;
const maxNameLength = 512;
const maxValueLength = 256;
const reserved = /[<>%&\\?/]/;

/**
 * Limits from https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources.
 * The codes are Resource Manager's as far as they have been seen; the wording is this simulator's.
 */
const rules: readonly TagRule[] = [
  {
    code: "InvalidTagCount",
    offenders: (tags) => Object.keys(tags).slice(maxTags),
    message: () => `The number of tags exceeds the maximum of ${maxTags}.`,
  },
  {
    code: "EmptyTagName",
    offenders: (tags) => Object.keys(tags).filter((name) => name.trim() === ""),
    message: () => "Tag names can not be empty.",
  },
  {
    code: "InvalidTagNameLength",
    offenders: (tags) => Object.keys(tags).filter((name) => name.length > maxNameLength),
    message: (names) =>
      `The tag names '${names}' exceed the maximum of ${maxNameLength} characters.`,
  },
  {
    code: "InvalidTagNameCharacters",
    offenders: (tags) => Object.keys(tags).filter((name) => reserved.test(name)),
    message: (names) => `The tag names '${names}' have reserved characters '<,>,%,&,\\,?,/'.`,
  },
  {
    code: "InvalidTagValueLength",
    offenders: (tags) =>
      Object.keys(tags).filter((name) => (tags[name] ?? "").length > maxValueLength),
    message: (names) =>
      `The values of the tags '${names}' exceed the maximum of ${maxValueLength} characters.`,
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
  for (const rule of rules) {
    const offenders = rule.offenders(tags ?? {});
    if (offenders.length > 0) {
      throw new ArmError(400, rule.code, rule.message(offenders.join(",")));
    }
  }
}
