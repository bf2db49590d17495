import { expect, it } from "vitest";
import { listFiles, readProjectFile } from "./source-files.ts";

/** A difference of two readings of the machine's clock. */
const ELAPSED =
  /(?:performance\.now|Date\.now|hrtime(?:\.bigint)?)\(\)\s*-|-\s*(?:performance\.now|Date\.now|process\.hrtime(?:\.bigint)?)\(\)/;

/** Why a file may measure all the same. */
const MEASURERS: Readonly<Record<string, string>> = {
  "test/growth.ts": "judges a ratio of two times, which is the same on a busy machine",
  "test/fuzz/target.ts": "reports how long a run took; what it judges is processor time",
  "test/full/board.test.ts": "gives a sample a time of an hour ago",
  "test/full/service-faults.test.ts": "compares a due time of the app with the present",
};

it("no test judges how long something takes: a busy machine would fail it", () => {
  const measuring = listFiles("test", ".ts").filter((file) => ELAPSED.test(readProjectFile(file)));
  expect(measuring).toEqual(Object.keys(MEASURERS).sort());
});
