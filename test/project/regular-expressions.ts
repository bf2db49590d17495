import { parseAst } from "rolldown/parseAst";
import { listFiles, readProjectFile } from "./source-files.ts";

/** A regular expression of the source. */
export interface FoundExpression {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

/** Folders with what is deployed, and with what prints the same texts on a console. */
const FOLDERS = ["functions", "shared", "cli", "local/demo"];

/** Every regular expression that is written in the source. */
export function listExpressions(): readonly FoundExpression[] {
  return listSources().flatMap((file) =>
    listNodes(file).flatMap(({ regex }) =>
      regex === undefined ? [] : [{ file, source: regex.pattern, flags: regex.flags }],
    ),
  );
}

/** Files that make a regular expression of a text, which nothing can judge beforehand. */
export function listMadeExpressions(): readonly string[] {
  return listSources().filter((file) =>
    listNodes(file).some(({ type, callee }) => /^(?:New|Call)/.test(type) && isRegExp(callee)),
  );
}

interface Node {
  readonly type: string;
  readonly name?: string;
  readonly callee?: Node;
  readonly regex?: { readonly pattern: string; readonly flags: string };
}

function isRegExp(callee: Node | undefined): boolean {
  return callee?.type === "Identifier" && callee.name === "RegExp";
}

function listSources(): readonly string[] {
  return FOLDERS.flatMap((folder) => listFiles(folder, ".ts"));
}

/** Every node of a file's syntax tree. */
function listNodes(file: string): readonly Node[] {
  const nodes: Node[] = [];
  const open: unknown[] = [parseAst(readProjectFile(file), { lang: "ts" })];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== "object" || next === null || next instanceof RegExp) continue;
    if ("type" in next) nodes.push(next as Node);
    open.push(
      ...Object.values(next).filter((value) => typeof value === "object" && value !== null),
    );
  }
  return nodes;
}
