import { createScanner, type JSONScanner } from "jsonc-parser";
import { LIMITS } from "../limits.ts";

/** A manifest nests six deep; parsers of deeply nested text run out of stack. */
export const MAX_DEPTH = LIMITS.manifestDepth.limit;
/** A manifest with 64 disks and 50 tags has some 3,000 tokens. */
export const MAX_TOKENS = LIMITS.manifestTokens.limit;

/** Where and how a text goes beyond what is parsed at all. */
export interface LimitBreach {
  readonly offset: number;
  readonly message: string;
}

type Token = ReturnType<JSONScanner["scan"]>;

/** The scanner's numbers for tokens, of which it exports only the types. */
const OPEN_BRACE: Token = 1;
const CLOSE_BRACE: Token = 2;
const OPEN_BRACKET: Token = 3;
const CLOSE_BRACKET: Token = 4;
const END: Token = 17;

/** The first breach of the limits, or null. The text is scanned, not parsed: no input makes it deep. */
export function findLimitBreach(text: string): LimitBreach | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let count = 1; ; count++) {
    const token = scanner.scan();
    if (token === END) return null;
    const offset = scanner.getTokenOffset();
    if (count > MAX_TOKENS) {
      return {
        offset,
        message: `the manifest exceeds the limit of ${MAX_TOKENS} JSON tokens here`,
      };
    }
    if (token === OPEN_BRACE || token === OPEN_BRACKET) depth += 1;
    if (token === CLOSE_BRACE || token === CLOSE_BRACKET) depth -= 1;
    if (depth > MAX_DEPTH)
      return { offset, message: `this is nested more than ${MAX_DEPTH} levels deep` };
  }
}
