import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Lines that one side writes and others wait for. */
export type LineBuffer = {
  push(line: string): void;
  /** Calls `visit` for every line so far and every later one; returns a function that ends this. */
  follow(visit: (line: string) => void): () => void;
};

/** Enough for the start-up lines that someone may still wait for. */
const KEPT_LINES = 200;

/** Returns an empty buffer that keeps its last lines for those who come late. */
export function createLineBuffer(): LineBuffer {
  const lines: string[] = [];
  const visitors = new Set<(line: string) => void>();
  return {
    push(line) {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      for (const visit of [...visitors]) visit(line);
    },
    follow(visit) {
      visitors.add(visit);
      for (const line of [...lines]) visit(line);
      return () => visitors.delete(visit);
    },
  };
}

/** Calls `visit` for each line of the stream, without its line break. */
export function readLines(stream: Readable, visit: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", visit);
}
