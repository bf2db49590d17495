import { type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { createPositionFinder } from "../../../../shared/manifest/position.ts";
import { explainSyntax, isHarmless, plainSpaces } from "../../../../shared/manifest/syntax.ts";
import { growthOf, LINEAR_GROWTH } from "../../../growth.ts";

/** The parser numbers its errors from 1 on. */
const codes = Array.from({ length: 16 }, (_, index) => index + 1);

function parse(text: string): ParseError[] {
  const errors: ParseError[] = [];
  parseTree(text, errors, { allowTrailingComma: true });
  return errors;
}

describe("explainSyntax", () => {
  it.each([
    { text: '{ "a": 1 "b": 2 }', place: "1:10", message: "a comma is missing before this" },
    { text: '{ "a" 1 }', place: "1:7", message: "a colon is missing before this" },
    { text: '{ "a": }', place: "1:8", message: "a value is missing here" },
    { text: "{ 1: 1 }", place: "1:3", message: "a property name in double quotes is missing here" },
    { text: '{ "a": 1', place: "1:9", message: "a closing brace } is missing" },
    { text: "[ 1", place: "1:4", message: "a closing bracket ] is missing" },
    { text: "{} {}", place: "1:4", message: "nothing may follow the manifest's closing brace" },
    {
      text: "[ yes ]",
      place: "1:3",
      message: "this is not a JSON value; strings need double quotes",
    },
    { text: "[ 1e ]", place: "1:3", message: "the number is incomplete" },
    {
      text: '[ "\t" ]',
      place: "1:3",
      message: "this character is not allowed in a string; write it as an escape",
    },
    {
      text: '[ "\\u12" ]',
      place: "1:3",
      message: "this \\u escape is not followed by four hexadecimal digits",
    },
    {
      text: '[ "C:\\disk" ]',
      place: "1:3",
      message: "this escape is unknown; a backslash itself is written \\\\",
    },
    { text: '[ "a', place: "1:3", message: "a closing quote is missing" },
    { text: "[ 1 ] /* a", place: "1:7", message: "the comment is not closed" },
  ])("says about $text: $message", ({ text, place, message }) => {
    const problems = parse(text).map((error) => explainSyntax(error, createPositionFinder(text)));

    expect(
      problems.map(({ line, column, message: told }) => `${line}:${column} ${told}`),
    ).toContain(`${place} ${message}`);
    expect(problems.every(({ path }) => path.length === 0)).toBe(true);
  });

  it("has words for every error of the parser, comments being allowed", () => {
    const messages = codes.map(
      (error) => explainSyntax({ error, offset: 0, length: 0 }, createPositionFinder("")).message,
    );

    expect(printParseErrorCode(codes.length + 1)).toContain("unknown");
    expect(messages.filter((message) => !message.includes(" "))).toEqual(["InvalidCommentToken"]);
  });
});

describe("isHarmless", () => {
  it("is true of a missing comma and of nothing else", () => {
    const harmless = codes.filter((error) => isHarmless({ error, offset: 0, length: 0 }));

    expect(harmless.map(printParseErrorCode)).toEqual(["CommaExpected"]);
  });
});

describe("plainSpaces", () => {
  it("replaces no-break spaces between values only, and keeps every offset", () => {
    const text = '{\u00a0"a\u00a0": /*\u00a0*/ [\u00a0] //\u00a0\n\u00a0}';

    expect(plainSpaces(text)).toBe('{ "a\u00a0": /*\u00a0*/ [ ] //\u00a0\n }');
  });

  it("takes time in proportion to the text, also for comments that are never closed", () => {
    const open = (size: number): string => "/*".repeat(size / 2);

    expect(plainSpaces(open(2_000))).toBe(open(2_000));
    const growth = growthOf((size) => {
      const text = open(size);
      return () => plainSpaces(text);
    });
    expect(growth).toBeLessThanOrEqual(LINEAR_GROWTH);
  });
});
