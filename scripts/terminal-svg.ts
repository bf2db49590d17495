const COLUMN = 8.4;
const ROW = 18;
const MARGIN = 16;
const FONT_SIZE = 14;
const COLUMNS = 100;

/** Colour of a line by the mark in it, as the demo paints it on a terminal. */
const COLOURS: readonly (readonly [mark: RegExp, colour: string])[] = [
  [/✓/, "#7ee787"],
  [/✗/, "#ff7b72"],
  [/[●◌]/, "#e3b341"],
  [/^\s*\$ |^\s*vhd-to-image /, "#ffffff"],
];
const PLAIN = "#c9d1d9";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * Returns the beginning and the end of a text: `head` and `tail` lines, with `⋮` for what is left out.
 * A text that is short enough is returned whole.
 */
export function excerpt(text: string, head: number, tail: number): string {
  const lines = text.split("\n");
  if (lines.length <= head + tail + 1) return text;
  return [...lines.slice(0, head), "   ⋮", ...lines.slice(-tail)].join("\n");
}

/**
 * Returns plain terminal output as an SVG picture, one text element per line. Each line has a fixed
 * width, so the columns stay aligned in whatever monospaced font the reader has. Lines of more than
 * 100 characters are cut, and end with `…`. The same text always gives the same picture.
 */
export function renderTerminal(text: string, title: string): string {
  const lines = text.trimEnd().split("\n").map(cut);
  const width = Math.ceil(2 * MARGIN + COLUMNS * COLUMN);
  const height = 2 * MARGIN + lines.length * ROW;
  const rows = lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [renderLine(line, index)],
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, monospace" font-size="${FONT_SIZE}" fill="${PLAIN}">`,
    ...rows,
    "</g>",
    "</svg>",
  ].join("\n")}\n`;
}

function cut(line: string): string {
  return line.length <= COLUMNS ? line : `${line.slice(0, COLUMNS - 1)}…`;
}

/** The indentation becomes the position, because renderers differ in how they treat leading spaces. */
function renderLine(line: string, index: number): string {
  const shown = line.trimStart();
  const x = MARGIN + (line.length - shown.length) * COLUMN;
  const y = MARGIN + index * ROW + FONT_SIZE;
  const colour = COLOURS.find(([mark]) => mark.test(line))?.[1];
  const fill = colour === undefined ? "" : ` fill="${colour}"`;
  const length = (shown.length * COLUMN).toFixed(1);
  return `<text x="${x.toFixed(1)}" y="${y}" textLength="${length}" xml:space="preserve"${fill}>${escapeText(shown)}</text>`;
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? "");
}
