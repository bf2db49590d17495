import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeManifest } from "../../../../shared/manifest/decode.ts";
import { anyText } from "../../../fuzz/any-text.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("decodeManifest", () => {
  it("gives any text back, without its byte order mark", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        fc.pre(text.isWellFormed() && !text.includes("\0") && !text.startsWith("\ufeff"));
        expect(decodeManifest(encode(text))).toEqual({ text, problem: null });
        expect(decodeManifest(encode(`\ufeff${text}`))).toEqual({ text, problem: null });
      }),
    );
  });

  it("never throws, and gives a text or a place", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const { text, problem } = decodeManifest(bytes);
        expect((text === null) === (problem !== null)).toBe(true);
        expect(problem?.line ?? 1).toBeGreaterThanOrEqual(1);
        expect(problem?.column ?? 1).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["a byte that never stands in UTF-8", [0x61, 0xff], 1, 2],
    ["a continuation without a beginning", [0x0a, 0x61, 0x80], 2, 2],
    ["a beginning without its continuation", [0x61, 0xc3, 0x28], 1, 2],
    ["a character cut off at the end", [0x61, 0xe7, 0x9b], 1, 2],
    ["a letter in two bytes instead of one", [0x61, 0x62, 0xc1, 0xa1], 1, 3],
    ["half of a surrogate pair in bytes", [0x61, 0xed, 0xa0, 0x80], 1, 2],
  ])("%s has its place", (_, bytes, line, column) => {
    expect(decodeManifest(new Uint8Array(bytes)).problem).toEqual({
      path: [],
      message:
        "this byte is not UTF-8; save the manifest as UTF-8 (in Windows PowerShell: Out-File -Encoding utf8)",
      line,
      column,
    });
  });

  it("counts characters, not bytes", () => {
    const bytes = new Uint8Array([...encode("ü盤\né"), 0xff]);
    expect(decodeManifest(bytes).problem).toMatchObject({ line: 2, column: 2 });
  });
});
