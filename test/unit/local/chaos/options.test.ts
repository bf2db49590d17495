import { expect, test } from "vitest";
import { readChaosCommand } from "../../../../local/chaos/options.ts";
import { UsageError } from "../../../../local/usage-error.ts";

test("without flags it is the run that the documentation shows", () => {
  expect(readChaosCommand([])).toEqual({
    kind: "run",
    requests: 300,
    kills: 40,
    minutes: 5,
    seed: 7,
  });
});

test("flags set numbers, paths become absolute", () => {
  const args = ["--requests", "12", "--kills=0", "--minutes", "0.5", "--seed", "3", "--app", "x"];
  expect(readChaosCommand([...args, "--log", "/tmp/chaos.log"])).toEqual({
    kind: "run",
    requests: 12,
    kills: 0,
    minutes: 0.5,
    seed: 3,
    appDir: `${process.cwd()}/x`,
    logFile: "/tmp/chaos.log",
  });
});

test("help is distinguished from a run", () => {
  expect(readChaosCommand(["--help"])).toEqual({ kind: "help" });
});

test.each([
  [["--requests", "0"], '--requests cannot be "0"'],
  [["--kills", "many"], '--kills cannot be "many"'],
  [["--minutes=-1"], '--minutes cannot be "-1"'],
  [["--seed", "1.5"], '--seed cannot be "1.5"'],
  [["--kill", "1"], "--kill"],
  [["now"], "now"],
])("%j is refused with the reason and the help", (args, reason) => {
  expect(() => readChaosCommand(args)).toThrow(UsageError);
  expect(() => readChaosCommand(args)).toThrow(reason);
  expect(() => readChaosCommand(args)).toThrow("npm run chaos -- [options]");
});
