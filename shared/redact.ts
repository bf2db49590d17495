import type { Limit } from "./limits.ts";

/**
 * Texts come as they were written, and inside JSON, HTML and URLs, perhaps more than once. Every part
 * of a pattern therefore knows the encoded forms of its characters. Each repetition is bounded, or
 * begins where the one before it could not: the time is linear in the text (the tests measure it).
 */
const PERCENT = "%(?:25){0,8}";
/** What precedes the name of a query's parameter; a `;` ends `&amp;` and parts of a connection string. */
const SEPARATOR = `(?:[?&;]|${PERCENT}(?:3f|26)|u00(?:3f|26))`;
const EQUALS = `(?:=|${PERCENT}3d|\\\\{0,8}u003d|&(?:amp;){0,3}#(?:61|x3d);)`;
const COLON = `(?::|${PERCENT}3a)`;
const QUOTE = `(?:\\\\{0,8}["']|&(?:amp;){0,3}(?:quot|#34|#39|#x22|#x27);|${PERCENT}2[27]|\\\\{0,8}u002[27])`;
/** One character of a value; of escapes those that base64 needs, `+`, `/` and `=`. */
const VALUE = "(?:[^&\\s\"'\\\\<>]|\\\\{1,8}(?:u00(?:2b|2f|3d)|/)|&#(?:43|47|61|x2b|x2f|x3d);)";
/** Where a token of letters and digits begins, after an escape too. */
const START = `(?:(?<![\\w+/-])|(?<=${PERCENT}[0-9a-f]{2})|(?<=\\\\u00[0-9a-f]{2}))`;
const BASE64 = `(?:[\\w+/-]|${PERCENT}2[bf]|\\\\(?:u002[bf]|/)|&#x2[bf];)`;

/** Names of members of JSON whose values are secret. */
const MEMBERS = [
  "sig",
  "signature",
  "account_?key",
  "shared_?access_?(?:signature|key)",
  "sas_?token",
  "(?:access|refresh)_?token",
  "client_?secret",
  "password",
];

/** What must never be shown: a part that stays, in the first group, and the secret after it. */
const SECRETS: readonly RegExp[] = [
  // The signature of a SAS, wherever it begins: `sig=` is nothing else's name.
  `((?:(?<![a-z])|(?<=3f))sig${EQUALS})${VALUE}+`,
  `(${SEPARATOR}(?:se|sp|sv|sr|st|code)${EQUALS})${VALUE}+`,
  // The signature of an operation's URL: names of one letter, which short values may have anywhere.
  `(${SEPARATOR}[csh]${EQUALS})${VALUE}{20,}`,
  `((?:Account|SharedAccess)Key${EQUALS})(?:(?!;)${VALUE})+`,
  `(SharedAccessSignature${EQUALS})[^;\\s"'\\\\]+`,
  `(${QUOTE}(?:${MEMBERS.join("|")})${QUOTE}\\s{0,8}${COLON}\\s{0,8}${QUOTE})${VALUE}+`,
  `(Bearer(?:\\s{1,8}|\\+|${PERCENT}20))${VALUE}+`,
  `(SharedKey(?:Lite)?(?:\\s{1,8}|\\+|${PERCENT}20)\\w{1,30}${COLON})${VALUE}+`,
  // A token: JSON in base64url, between dots.
  `(${START})eyJ[\\w-]+\\.[\\w-]+\\.[\\w.-]*`,
  // An account key: 64 bytes in base64. A function key: base64url with the mark of its generator.
  `(${START})${BASE64}{86}${EQUALS}{2}`,
  `(${START})[\\w-]{30,}AzFu[\\w-]*={0,2}`,
].map((pattern) => new RegExp(pattern, "gi"));

/** What stands in place of a secret. */
const MARK = "REDACTED";

/** A text without signatures, keys and tokens, in whatever encoding they appear. */
export function redact(text: string): string {
  return SECRETS.reduce((current, pattern) => current.replace(pattern, `$1${MARK}`), text);
}

/** Whether a text holds something that has the shape of a secret. */
export function holdsSecret(text: string): boolean {
  return redact(text) !== text;
}

const SECRET_CHARACTER = /[\w+/.=%-]/;
/** Longer than any secret: a text that is cut this far behind its limit shows no half of one. */
const LONGEST_SECRET = 8_192;

/**
 * At most so many characters of a text, without signatures, keys and tokens. The work does not grow with
 * the length of the text; what the cut would leave of a secret is not shown either.
 */
export function redactUpTo(text: string, maxCharacters: number): string {
  const head = text.slice(0, maxCharacters + LONGEST_SECRET);
  const redacted = redact(head);
  const hasMovedUp = head.length < text.length && redacted.length < head.length;
  return (hasMovedUp ? dropLastWord(redacted) : redacted).slice(0, maxCharacters);
}

/**
 * The same up to a limit, with an ellipsis where it was cut; never half a surrogate pair. Neither is it
 * longer than the limit because of what was put in place of secrets, nor when it is redacted again.
 */
export function redactWithin(text: string, { limit }: Limit): string {
  const redacted = text.length > limit ? redactUpTo(text, limit) : redact(text);
  if (text.length <= limit && redacted.length <= limit) return redacted;
  const cut = redact(cutAt(redacted, limit - 1));
  // A mark that was cut becomes whole again; of all that went before nothing grows.
  return cut.length <= limit ? cut : redact(cutAt(redacted, limit - MARK.length));
}

function cutAt(text: string, characters: number): string {
  return `${text.slice(0, characters).toWellFormed()}…`;
}

/** A text without the word at its end, which may be half a secret that no pattern knows. */
function dropLastWord(text: string): string {
  if (text.endsWith(MARK)) return text;
  let end = text.length;
  while (end > 0 && SECRET_CHARACTER.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** A value of plain data with every text in it redacted, names of members included. */
export function redactDeep<T>(value: T): T {
  const redacted: unknown =
    typeof value === "string"
      ? redact(value)
      : Array.isArray(value)
        ? value.map(redactDeep)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value).map(([key, item]) => [redact(key), redactDeep(item)]),
            )
          : value;
  return redacted as T;
}
