import { readProjectFile } from "./source-files.ts";

/** A table row: cell texts by column heading. */
export type Row = Readonly<Record<string, string>>;

/** A fenced block: the words after the fence, and what is between the fences. */
export interface Block {
  readonly info: string;
  readonly text: string;
}

/** Lines of a document from a heading to the next one of the same or a higher level. */
function readSection(document: string, heading: string): string {
  const lines = readProjectFile(document).split("\n");
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`${document} has no heading "${heading}"`);
  const level = heading.indexOf(" ");
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line) && line.indexOf(" ") <= level);
  return rest.slice(0, end < 0 ? rest.length : end).join("\n");
}

/**
 * All tables of a document below a heading, row by row.
 * @throws Error when the heading does not exist, or has no table below it.
 */
export function readTables(document: string, heading: string): readonly Row[] {
  const groups = readSection(document, heading)
    .split(/\n(?!\|)/)
    .map((group) => group.split("\n").filter((line) => line.startsWith("|")))
    .filter((lines) => lines.length > 2);
  if (groups.length === 0) throw new Error(`${document} has no table below "${heading}"`);
  return groups.flatMap(([head = "", , ...body]) => {
    const columns = splitRow(head);
    return body.map((line) => {
      const cells = splitRow(line);
      return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));
    });
  });
}

/** Cells between the bars; an escaped bar belongs to its cell. */
function splitRow(line: string): readonly string[] {
  return line
    .replace(/^\||\|\s*$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** The texts in backticks of a cell, in order. */
export function readCodes(cell: string | undefined): readonly string[] {
  return [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** All fenced blocks of a document, in order. */
export function readBlocks(document: string): readonly Block[] {
  const fences = readProjectFile(document).matchAll(/^```([^\n]+)\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, info = "", text = ""]) => ({ info, text }));
}
