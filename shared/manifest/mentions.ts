import type { Node } from "jsonc-parser";
import { DISK_EXTENSIONS } from "../disk/format/disk-files.ts";
import { findNameProblem } from "../image/blob-name.ts";
import type { BlobLocator } from "../image/blob-uri.ts";
import type { BlobRef } from "../image/image-request.ts";
import { folderOf, probableNames } from "../image/probable-names.ts";
import { redact } from "../redact.ts";
import { findWord } from "../vocabulary.ts";

/** Blobs that a manifest can speak for. One of an image has at most 65 disks; each may be misspelt. */
export const MAX_MENTIONED = 200;
/** Characters on either side of an extension in which the rest of the name is looked for. */
const MAX_SPAN = 1100;
/** Places in a text that are checked: the same name may appear any number of times. */
const MAX_PLACES = 2000;
/** `.vhd`, `.vhdx`, …: the longest first, so that `.vhdx` is not taken for `.vhd`. */
const EXTENSION = new RegExp(
  `(?:${[...DISK_EXTENSIONS]
    .sort((left, right) => right.length - left.length)
    .map((extension) => `\\${extension}`)
    .join("|")})(?![A-Za-z0-9])`,
  "gi",
);
/** What ends a name that stands in quotes, or in the open. */
const QUOTES = "\"'`\r\n";
const IN_QUOTES = endsAt(QUOTES);
const IN_THE_OPEN = endsAt(`${QUOTES} \t=,;()[]{}<>|`);
const QUOTE = /["'`]/;
/** Quoted text with one of these is an expression or a command, which names a disk inside it. */
const EXPRESSION = /[=,;()[\]{}<>|]|--/;

/** Keys whose value names a blob, with an extension or without: in JSON and in Terraform. */
const BLOB_URI_KEYS = ["blobUri", "blob_uri"] as const;

/** Where the names in a text are looked for. */
export interface MentionContext {
  /** Blob name of the manifest. */
  readonly name: string;
  readonly locator: BlobLocator;
}

/**
 * The blobs that a text can be seen to name, whatever the text is: a manifest in JSON, broken or not,
 * a template, a script. Each is given as it appears and as it is probably meant.
 */
export function findMentions(
  text: string,
  root: Node | undefined,
  context: MentionContext,
): readonly BlobRef[] {
  const found = new Map<string, BlobRef>();
  // A part of a signature that ends like a disk's name does not name one, and is not kept.
  for (const candidate of [...namesInTree(root), ...namesInText(redact(text))]) {
    for (const ref of blobsOf(candidate, context)) {
      if (found.size >= MAX_MENTIONED) return [...found.values()];
      found.set(`${ref.container}/${ref.name.toLowerCase()}`, ref);
    }
  }
  return [...found.values()];
}

/** The blobs that one text stands for: exactly, and probably. */
export function blobsOf(text: string, { name, locator }: MentionContext): readonly BlobRef[] {
  const located = locator.locate(text);
  if (located.kind === "external") return [];
  const exact = located.kind === "own" ? [located.ref] : [];
  return [...exact, ...probableBlobs(text, { name, locator })];
}

/** The blobs of the uploads container that a text probably means without naming them exactly. */
export function probableBlobs(text: string, { name, locator }: MentionContext): readonly BlobRef[] {
  const container = locator.uploadsContainer;
  return probableNames(text, { container, folder: folderOf(name) })
    .filter((candidate) => findNameProblem(candidate) === null)
    .map((candidate) => ({ container, name: candidate }));
}

/** Values that hold a disk's extension anywhere, and those of `blobUri` without one. */
function* namesInTree(root: Node | undefined): Generator<string> {
  const open = root === undefined ? [] : [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { value }: { value?: unknown } = node;
    if (node.type === "string" && typeof value === "string" && value.length <= 4 * MAX_SPAN) {
      const key: unknown =
        node.parent?.type === "property" ? node.parent.children?.[0]?.value : null;
      const isUri = typeof key === "string" && findWord(BLOB_URI_KEYS, key) !== undefined;
      if (isUri || value.search(EXTENSION) >= 0) yield redact(value);
    }
    const children = node.children ?? [];
    open.push(...(node.type === "property" ? children.slice(1) : [...children].reverse()));
  }
}

function* namesInText(text: string): Generator<string> {
  let places = 0;
  for (const { index, 0: extension } of text.matchAll(EXTENSION)) {
    places += 1;
    if (places > MAX_PLACES) return;
    const end = index + extension.length;
    const [start, stop] = [expandLeft(text, index, IN_QUOTES), expandRight(text, end, IN_QUOTES)];
    const whole = text.slice(start, stop);
    const isQuoted =
      start > 0 && QUOTE.test(text.charAt(start - 1)) && QUOTE.test(text.charAt(stop));
    if (isQuoted) yield withoutEscapes(whole);
    if (isQuoted && !EXPRESSION.test(whole)) continue;
    yield withoutEscapes(
      text.slice(expandLeft(text, index, IN_THE_OPEN), expandRight(text, end, IN_THE_OPEN)),
    );
  }
}

/** The characters that end a name, as a table by their codes: each character of a span is checked. */
function endsAt(characters: string): readonly (true | undefined)[] {
  const ends: (true | undefined)[] = new Array(128).fill(undefined);
  for (const character of characters) ends[character.charCodeAt(0)] = true;
  return ends;
}

type Ends = ReturnType<typeof endsAt>;

function expandLeft(text: string, from: number, ends: Ends): number {
  const least = Math.max(0, from - MAX_SPAN);
  let start = from;
  while (start > least && ends[text.charCodeAt(start - 1)] !== true) start -= 1;
  return start;
}

function expandRight(text: string, from: number, ends: Ends): number {
  const most = Math.min(text.length, from + MAX_SPAN);
  let end = from;
  while (end < most && ends[text.charCodeAt(end)] !== true) end += 1;
  return end;
}

/** What may stand between the quotes of a JSON string. */
const JSON_TEXT = /^(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*$/u;

/** A text as JSON would read it, where it has escapes. */
function withoutEscapes(text: string): string {
  // Checked before: thousands of errors that are thrown and caught take a second.
  if (!text.includes("\\") || !JSON_TEXT.test(text)) return text;
  return String(JSON.parse(`"${text}"`));
}
