import { stripVTControlCharacters, styleText } from "node:util";

/** A stream as the commands use it. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Characters a line; undefined where the stream is not a terminal. */
  readonly columns?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type Tone = "good" | "bad" | "busy" | "quiet" | "strong";
/** Returns the text in the tone's colour, or as it is. */
export type Paint = (tone: Tone, text: string) => string;

const FORMATS = {
  good: "green",
  bad: "red",
  busy: "yellow",
  quiet: "gray",
  strong: "bold",
} as const;

/**
 * Whether to write colours to a stream: FORCE_COLOR and NO_COLOR decide, in this order, then whether it
 * is a terminal. https://no-color.org, https://force-color.org
 */
export function wantsColours(stream: OutputStream, environment: Environment): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = environment;
  if (forced) return forced !== "0" && forced !== "false";
  return stream.isTTY === true && !refused && terminal !== "dumb";
}

/** Colours for a stream. */
export function createPaint(stream: OutputStream, environment: Environment): Paint {
  if (!wantsColours(stream, environment)) return (_, text) => text;
  return (tone, text) => styleText(FORMATS[tone], text, { validateStream: false });
}

/** A text from outside for a terminal: control and direction characters are replaced. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "?");
}

/** Cuts a text to a width, with a mark where something is missing. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Length of a text without its colours. */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Breaks a text at spaces into lines of a width; a longer word stays whole, so it can be copied. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/**
 * A text for people, its lines broken at the width of the stream. A line that is indented is a command,
 * and stays whole so that it can be pasted.
 */
export function breakLines(text: string, { columns }: OutputStream): string {
  if (columns === undefined) return text;
  return text
    .split("\n")
    .flatMap((line) => (line.startsWith("  ") ? [line] : wrap(line, columns)))
    .join("\n");
}

const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/** A word of a command for a POSIX shell; quoted where it needs to be. */
export function quote(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
