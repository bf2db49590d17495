import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { explainFailure, reasonOf } from "../../../local/explain-failure.ts";

test("an error of the operating system is one sentence with the path and the reason", async () => {
  const error = await readFile("/none/at/all").catch((cause: unknown) => cause);
  expect(explainFailure(error)).toBe(
    "/none/at/all cannot be used: a folder on its path does not exist.",
  );
});

test.each([
  ["EROFS", "the file system is read-only"],
  ["EACCES", "permission denied"],
  ["EWEIRD", "EWEIRD"],
])("%s reads: %s", (code, reason) => {
  expect(reasonOf(Object.assign(new Error("raw"), { code }))).toBe(reason);
});

test("an error that explains itself is its message; a bug keeps its stack", () => {
  expect(explainFailure(new Error("port 1 is taken"))).toBe("port 1 is taken");
  expect(explainFailure(new TypeError("x is undefined"))).toContain("explain-failure.test.ts");
});
