import { maskBicep } from "./mask-bicep.ts";
import { listFiles, readProjectFile } from "./source-files.ts";

/** A parameter of a Bicep file. */
export interface BicepParameter {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isSecure: boolean;
  readonly description: string;
}

/** A call of another Bicep file. */
export interface BicepModule {
  readonly name: string;
  /** As written, from the calling file. */
  readonly path: string;
  readonly arguments: readonly string[];
}

/** A resource that is made, or referred to. */
export interface BicepResource {
  readonly name: string;
  /** `Microsoft.Web/sites`; children written inside their parent have their own segment only. */
  readonly type: string;
  /** Null for a child written inside its parent, which has the parent's. */
  readonly version: string | null;
  readonly isExisting: boolean;
  readonly body: string;
}

/** What a test can know of a Bicep file without its compiler. */
export interface BicepFile {
  readonly path: string;
  /** The text without its comments. */
  readonly text: string;
  readonly parameters: readonly BicepParameter[];
  readonly modules: readonly BicepModule[];
  readonly resources: readonly BicepResource[];
  readonly outputs: ReadonlyMap<string, string>;
}

/** Paths of all Bicep files of the repository. */
export const BICEP_PATHS = listFiles("infra", ".bicep");

/** Reads a Bicep file of the repository. */
export function readBicepFile(path: string): BicepFile {
  return readBicep(path, readProjectFile(path));
}

/** Reads the text of a Bicep file; `path` only names it. */
export function readBicep(path: string, source: string): BicepFile {
  const masked = maskBicep(source);
  const text = masked.withoutComments;
  const structure = masked.withoutTexts;
  return {
    path,
    text,
    parameters: [...structure.matchAll(/^param (\w+) ([\w[\]]+)(.*)$/gm)].map((match) =>
      readParameter(match, text),
    ),
    modules: [...structure.matchAll(/^module (\w+) '/gm)].map((match) => ({
      name: match[1] ?? "",
      path: readQuoted(text, match.index),
      arguments: readKeys(structure, structure.indexOf("params:", match.index)),
    })),
    resources: [...structure.matchAll(/^\s*resource (\w+) '/gm)].map((match) =>
      readResource(match, text, structure),
    ),
    outputs: new Map(
      [...text.matchAll(/^output (\w+) \w+ = (.*)$/gm)].map(([, name = "", value = ""]) => [
        name,
        value,
      ]),
    ),
  };
}

/** Keys of the first object behind a piece of text; fails when the text is not there. */
export function readKeysAfter(file: BicepFile, marker: string): readonly string[] {
  const index = file.text.indexOf(marker);
  if (index < 0) throw new Error(`${file.path} has no "${marker}"`);
  return readKeys(maskBicep(file.text).withoutTexts, index);
}

function readParameter(match: RegExpExecArray, text: string): BicepParameter {
  const [, name = "", type = "", rest = ""] = match;
  const decorators = readDecorators(text, match.index);
  const [, description = ""] = /@description\('((?:[^'\\]|\\.)*)'\)/.exec(decorators) ?? [];
  return {
    name,
    type,
    isRequired: !rest.trim().startsWith("="),
    isSecure: decorators.includes("@secure()"),
    description,
  };
}

/** The lines between a declaration and the empty line before it. */
function readDecorators(text: string, index: number): string {
  return text.slice(text.lastIndexOf("\n\n", index) + 1, index);
}

function readResource(match: RegExpExecArray, text: string, structure: string): BicepResource {
  const [type = "", version = null] = readQuoted(text, match.index).split("@");
  const start = structure.indexOf("{", match.index);
  const head = structure.slice(match.index, start);
  const isExisting = /\bexisting\b/.test(head);
  const body = text.slice(start, findEnd(structure, start) + 1);
  return { name: match[1] ?? "", type, version, isExisting, body };
}

function readQuoted(text: string, index: number): string {
  return /'([^']*)'/.exec(text.slice(index))?.[1] ?? "";
}

/** Names before the colons of the first object at or behind an index, not of objects inside it. */
function readKeys(structure: string, index: number): readonly string[] {
  const start = structure.indexOf("{", index);
  const end = findEnd(structure, start);
  const keys: string[] = [];
  let depth = 0;
  for (const line of structure.slice(start, end).split("\n")) {
    const [, key] = /^\s*(\w+):/.exec(line) ?? [];
    if (key !== undefined && depth === 1) keys.push(key);
    depth += countMatches(line, /[{[(]/g) - countMatches(line, /[}\])]/g);
  }
  return keys;
}

/** Index of the bracket that closes the one at `start`. */
function findEnd(structure: string, start: number): number {
  let depth = 0;
  for (let index = start; index < structure.length; index++) {
    if (structure[index] === "{") depth += 1;
    if (structure[index] === "}") depth -= 1;
    if (depth === 0) return index;
  }
  return structure.length;
}

function countMatches(line: string, pattern: RegExp): number {
  return [...line.matchAll(pattern)].length;
}
