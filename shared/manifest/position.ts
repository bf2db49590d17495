/** A place in a text; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Tells places in one text. Made once per text: a long one with many mistakes is walked only once. */
export type PositionFinder = (offset: number) => Position;

/** Line and column of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  return createPositionFinder(text)(offset);
}

/** A finder for a text whose lines end with LF, CRLF or CR. */
export function createPositionFinder(text: string): PositionFinder {
  const starts = [
    0,
    ...[...text.matchAll(/\r\n|\r|\n/g)].map((match) => match.index + match[0].length),
  ];
  return (offset) => {
    let line = 0;
    let end = starts.length;
    while (end - line > 1) {
      const middle = (line + end) >> 1;
      if ((starts[middle] ?? 0) <= offset) line = middle;
      else end = middle;
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}
