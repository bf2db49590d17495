/** A Bicep text with parts blanked out; every other character stays at its place. */
export interface MaskedBicep {
  readonly withoutComments: string;
  /** Without comments, and without what is between quotes: the brackets that are left are structure. */
  readonly withoutTexts: string;
}

const BLOCK = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'''[\s\S]*?'''/y;
const ESCAPED = /\\./y;

/**
 * Blanks out comments and texts. A text may hold an expression (`'${…}'`), and the expression texts:
 * all of it is the outer text.
 */
export function maskBicep(source: string): MaskedBicep {
  const comments = [...source];
  const texts = [...source];
  /** For each open text, how many braces are open in its expression; -1 outside of one. */
  const open: number[] = [];
  let index = 0;
  while (index < source.length) {
    const inText = open.at(-1) === -1;
    const [block] = inText ? [] : (matchAt(BLOCK, source, index) ?? []);
    const [escaped] = inText ? (matchAt(ESCAPED, source, index) ?? []) : [];
    const piece = block ?? escaped ?? (source.startsWith("${", index) && inText ? "${" : null);
    const length = piece?.length ?? 1;
    if (block?.startsWith("/")) blank(comments, index, length);
    const wasOpen = open.length > 0;
    if (block === undefined && escaped === undefined) step(open, piece ?? source[index] ?? "");
    if (block !== undefined || (wasOpen && open.length > 0)) blank(texts, index, length);
    index += length;
  }
  return { withoutComments: comments.join(""), withoutTexts: texts.join("") };
}

/** Follows one character, or the beginning of an expression, into or out of a text. */
function step(open: number[], piece: string): void {
  const depth = open.at(-1);
  const inText = depth === -1;
  if (piece === "'") {
    if (inText) open.pop();
    else open.push(-1);
  } else if (piece === "${" && inText) open[open.length - 1] = 0;
  else if (depth !== undefined && !inText) {
    if (piece === "{") open[open.length - 1] = depth + 1;
    if (piece === "}") open[open.length - 1] = depth - 1;
  }
}

function matchAt(pattern: RegExp, source: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(source);
}

function blank(characters: string[], index: number, length: number): void {
  for (let at = index; at < index + length; at++) if (characters[at] !== "\n") characters[at] = " ";
}

/** What is wrong with the brackets and quotes of a Bicep text; null when they match. */
export function findImbalance(source: string): string | null {
  const { withoutTexts } = maskBicep(source);
  const closers: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };
  const expected: string[] = [];
  let line = 1;
  for (const character of withoutTexts) {
    if (character === "\n") line += 1;
    const closer = closers[character];
    if (closer !== undefined) expected.push(closer);
    else if ("}])".includes(character) && expected.pop() !== character)
      return `line ${line}: unexpected ${character}`;
  }
  if ((withoutTexts.match(/'/g) ?? []).length % 2 !== 0) return "a text without an end";
  return expected.length === 0 ? null : `${expected.length} brackets without an end`;
}
