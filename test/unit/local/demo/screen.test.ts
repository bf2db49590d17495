import { expect, test } from "vitest";
import { createScreen } from "../../../../local/demo/screen.ts";

function createOutput(isTTY: boolean) {
  const written: string[] = [];
  const output = { isTTY, columns: 20, write: (text: string) => written.push(text) };
  return { output, written };
}

test("on a terminal the live part is replaced in place", () => {
  const { output, written } = createOutput(true);
  const screen = createScreen(output);
  screen.show(["one", "two"]);
  screen.show(["three"]);
  expect(written).toEqual(["one\ntwo\n", "\u001b[2A\r\u001b[Jthree\n"]);
});

test("a printed line goes above the live part", () => {
  const { output, written } = createOutput(true);
  const screen = createScreen(output);
  screen.show(["live"]);
  screen.print("stays");
  expect(written.at(-1)).toBe("\u001b[1A\r\u001b[Jstays\nlive\n");
});

test("after a release the live part stays and lines follow below", () => {
  const { output, written } = createOutput(true);
  const screen = createScreen(output);
  screen.show(["final"]);
  screen.release();
  screen.print("below");
  expect(written.join("")).toBe("final\nbelow\n");
});

test("a line is never wider than the terminal", () => {
  const { output, written } = createOutput(true);
  createScreen(output).show(["x".repeat(50)]);
  expect(written).toEqual([`${"x".repeat(19)}\n`]);
});

test("elsewhere there are lines only, without control characters", () => {
  const { output, written } = createOutput(false);
  const screen = createScreen(output);
  screen.show(["live"]);
  screen.print("line");
  expect(written).toEqual(["line\n"]);
});
