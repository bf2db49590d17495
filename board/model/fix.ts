/** A part of a fix: a sentence to read, or a command to paste. */
export interface FixPart {
  readonly kind: "text" | "command";
  readonly text: string;
}

/** The parts of a fix: an indented line is a command, and what it ends with a backslash goes on. */
export function splitFix(fix: string): readonly FixPart[] {
  const parts: FixPart[] = [];
  for (const line of fix.split(/\r?\n/)) {
    const kind = /^\s{2,}\S/.test(line) ? "command" : "text";
    const text = line.trim();
    if (text === "") continue;
    const last = parts.at(-1);
    if (kind === "command" && last?.kind === "command" && last.text.endsWith("\\")) {
      parts[parts.length - 1] = { kind, text: `${last.text}\n  ${text}` };
    } else parts.push({ kind, text });
  }
  return parts;
}
