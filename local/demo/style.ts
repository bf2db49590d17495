import { styleText } from "node:util";

export type Tone = "good" | "bad" | "busy" | "quiet" | "strong";

/** Returns the text in the tone's colour. */
export type Paint = (tone: Tone, text: string) => string;

const FORMATS = {
  good: "green",
  bad: "red",
  busy: "yellow",
  quiet: "gray",
  strong: "bold",
} as const;

/** Returns how text is coloured, or left alone. */
export function createPaint(useColours: boolean): Paint {
  if (!useColours) return (_, text) => text;
  return (tone, text) => styleText(FORMATS[tone], text, { validateStream: false });
}

/** Whether colours are welcome on the stream (https://no-color.org). */
export function wantsColours(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
}
