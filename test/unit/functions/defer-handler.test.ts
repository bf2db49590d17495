import { describe, expect, it } from "vitest";
import { deferHandler } from "../../../functions/defer-handler.ts";

/** A deferred handler that greets, and what has been loaded so far. */
function deferGreeting(loadContext: () => Promise<string>) {
  const loaded: string[] = [];
  const greet = deferHandler(
    async () => {
      loaded.push("module");
      return { makeHandler: (greeting: string) => async (name: string) => `${greeting}, ${name}` };
    },
    () => {
      loaded.push("context");
      return loadContext();
    },
  );
  return { greet, loaded };
}

describe("deferHandler", () => {
  it("loads nothing before the first run, and everything once", async () => {
    const { greet, loaded } = deferGreeting(async () => "hello");
    expect(loaded).toEqual([]);

    expect(await Promise.all([greet("a"), greet("b")])).toEqual(["hello, a", "hello, b"]);
    expect(loaded).toEqual(["module", "context"]);
  });

  it("fails the run whose loading fails, and loads again for the next", async () => {
    const answers = [Promise.reject(new Error("file is missing")), Promise.resolve("hello")];
    const { greet } = deferGreeting(() => answers.shift() ?? Promise.resolve(""));

    await expect(greet("a")).rejects.toThrow("file is missing");
    expect(await greet("b")).toBe("hello, b");
  });
});
