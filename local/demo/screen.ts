import { stripVTControlCharacters } from "node:util";

/** The part of a terminal that a screen needs. */
export type Output = {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** Where the demo shows itself. */
export type Screen = {
  /** Whether `show` has an effect: only on a terminal. */
  readonly isLive: boolean;
  readonly columns: number;
  /** Writes a line that stays. */
  print(line: string): void;
  /** Replaces the lines at the bottom of the screen. */
  show(lines: readonly string[]): void;
  /** Leaves the lines that `show` put there; what follows comes below them. */
  release(): void;
};

const DEFAULT_COLUMNS = 100;
const CLEAR_BELOW = "\u001b[J";

/** Returns a screen: on a terminal with a live part at its bottom, else lines only. */
export function createScreen(output: Output): Screen {
  let shown: readonly string[] = [];
  const columns = (): number => output.columns ?? DEFAULT_COLUMNS;
  const erase = (): string => (shown.length === 0 ? "" : `\u001b[${shown.length}A\r${CLEAR_BELOW}`);
  const isLive = output.isTTY === true;
  const draw = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
  return {
    isLive,
    get columns() {
      return columns();
    },
    print(line) {
      output.write(`${erase()}${line}\n${draw(shown)}`);
    },
    show(lines) {
      if (!isLive) return;
      const cut = lines.map((line) => cutLine(line, columns() - 1));
      output.write(`${erase()}${draw(cut)}`);
      shown = cut;
    },
    release() {
      shown = [];
    },
  };
}

/** A line that wraps would take two rows and spoil the next redraw; one too long loses its colours. */
function cutLine(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : plain.slice(0, columns);
}
