import { type ParseError, printParseErrorCode } from "jsonc-parser";
import type { PositionFinder } from "./position.ts";
import type { Problem } from "./problem.ts";

/** The parser's errors in words, by the parser's names for them. */
const MESSAGES: Readonly<Record<string, string>> = {
  CommaExpected: "a comma is missing before this",
  ColonExpected: "a colon is missing before this",
  ValueExpected: "a value is missing here",
  PropertyNameExpected: "a property name in double quotes is missing here",
  CloseBraceExpected: "a closing brace } is missing",
  CloseBracketExpected: "a closing bracket ] is missing",
  EndOfFileExpected: "nothing may follow the manifest's closing brace",
  InvalidSymbol: "this is not a JSON value; strings need double quotes",
  InvalidNumberFormat: "this is not a JSON number",
  InvalidCharacter: "this character is not allowed in a string; write it as an escape",
  InvalidUnicode: "this \\u escape is not followed by four hexadecimal digits",
  InvalidEscapeCharacter: "this escape is unknown; a backslash itself is written \\\\",
  UnexpectedEndOfString: "a closing quote is missing",
  UnexpectedEndOfComment: "the comment is not closed",
  UnexpectedEndOfNumber: "the number is incomplete",
};

/** A text or a comment, which stay as they are, or a no-break space between them. */
const NO_BREAK_SPACES = /"(?:\\.|[^"\\\r\n])*"?|\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|\u00a0/g;

/**
 * The text with no-break spaces between values as plain ones, at the same offsets: examples copied
 * from web pages carry them, those of the images REST reference among them.
 */
export function plainSpaces(text: string): string {
  return text.replace(NO_BREAK_SPACES, (match) => (match === "\u00a0" ? " " : match));
}

/** A syntax error with its place. */
export function explainSyntax(error: ParseError, find: PositionFinder): Problem {
  const name = printParseErrorCode(error.error);
  return { path: [], message: MESSAGES[name] ?? name, ...find(error.offset) };
}

/** Whether the error leaves no doubt about the rest; after any other one the rest is a guess. */
export function isHarmless(error: ParseError): boolean {
  return printParseErrorCode(error.error) === "CommaExpected";
}
