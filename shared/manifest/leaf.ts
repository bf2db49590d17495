import * as z from "zod";
import { findWord } from "../vocabulary.ts";

/** How one value of a manifest is read. */
export interface LeafSpec<T> {
  /** What is allowed, as it reads after "expected" in an error message. */
  readonly expected: string;
  /** The same for editors, as JSON Schema. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** The value in today's form; undefined when it is not allowed. */
  readonly parse: (value: unknown) => T | undefined;
}

/**
 * A schema for one value, with its own wording and its own JSON Schema: the built-in ones would say
 * neither what was meant nor accept what the reference accepts.
 */
export function leaf<T>(spec: LeafSpec<T>): z.ZodType<T, unknown> {
  return z
    .unknown()
    .transform((value, context) => {
      const parsed = spec.parse(value);
      if (parsed !== undefined) return parsed;
      context.addIssue({ code: "custom", message: spec.expected });
      return z.NEVER;
    })
    .meta(spec.jsonSchema);
}

/** One of the given words, in any case. */
export function wordLeaf<const W extends string>(
  words: readonly W[],
  description: string,
): z.ZodType<W, unknown> {
  return leaf({
    expected: `one of ${words.join(", ")}`,
    jsonSchema: {
      description,
      anyOf: [{ enum: words }, { type: "string", pattern: anyCasePattern(words) }],
    },
    parse: (value) => (typeof value === "string" ? findWord(words, value) : undefined),
  });
}

/** JSON Schema patterns know no case-insensitive flag, so each letter lists both its cases. */
function anyCasePattern(words: readonly string[]): string {
  const spellOut = (word: string): string =>
    word.replace(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
  return `^(?:${words.map(spellOut).join("|")})$`;
}
