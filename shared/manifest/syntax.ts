import { type ParseError, printParseErrorCode } from "jsonc-parser";
import { type Problem, positionAt } from "./problem.ts";

/** The parser's errors in words, by the parser's names for them. */
const MESSAGES: Readonly<Record<string, string>> = {
  CommaExpected: "a comma is missing before this",
  ColonExpected: "a colon is missing before this",
  ValueExpected: "a value is missing here",
  PropertyNameExpected: "a property name in double quotes is missing here",
  CloseBraceExpected: "a closing brace } is missing",
  CloseBracketExpected: "a closing bracket ] is missing",
  EndOfFileExpected: "nothing may follow the manifest's closing brace",
  InvalidSymbol: "this is no JSON value; texts stand in double quotes",
  InvalidNumberFormat: "this is no JSON number",
  InvalidCharacter: "this character may not stand in a text; write it as an escape",
  InvalidUnicode: "this \\u escape is not followed by four hexadecimal digits",
  InvalidEscapeCharacter: "this escape is unknown; a backslash itself is written \\\\",
  UnexpectedEndOfString: "a closing quote is missing",
  UnexpectedEndOfComment: "the comment is not closed",
  UnexpectedEndOfNumber: "the number is cut short",
};

/** A syntax error with its place. */
export function explainSyntax(text: string, error: ParseError): Problem {
  const name = printParseErrorCode(error.error);
  return { path: [], message: MESSAGES[name] ?? name, ...positionAt(text, error.offset) };
}

/** Whether the error leaves no doubt about the rest; after any other one the rest is a guess. */
export function isHarmless(error: ParseError): boolean {
  return printParseErrorCode(error.error) === "CommaExpected";
}
