import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { startProgress } from "../../../../cli/upload/progress.ts";

const MIB = 1024 * 1024;
const none = { sentBytes: 0, zeroBytes: 0, keptBytes: 0 };

function display(stream: { isTTY?: boolean; columns?: number }, totalBytes = 100 * MIB) {
  const written: string[] = [];
  let clock = 0;
  const bar = startProgress(
    "web.vhd",
    totalBytes,
    { ...stream, write: (text) => void written.push(text) },
    {},
    () => clock,
  );
  return {
    written,
    at(seconds: number, progress: Partial<typeof none>) {
      clock = seconds * 1000;
      bar.update({ ...none, ...progress });
    },
  };
}

describe("the progress of an upload", () => {
  it("is a line for every ten percent, or half a minute, where there is no terminal", () => {
    const { written, at } = display({});
    for (let mib = 1; mib <= 100; mib += 1) at(mib / 10, { sentBytes: mib * MIB });
    expect(written).toHaveLength(11);
    expect(written[5]).toBe("web.vhd: 50 %, 50 MiB of 100 MiB, 10 MiB/s, 5 s left\n");

    const slow = display({}, 100_000 * MIB);
    for (let seconds = 1; seconds <= 120; seconds += 1)
      slow.at(seconds, { sentBytes: seconds * MIB });
    expect(slow.written).toHaveLength(4);
  });

  it("does not count what an earlier run sent as speed", () => {
    const { written, at } = display({});
    at(10, { keptBytes: 50 * MIB, sentBytes: 10 * MIB });
    expect(written[0]).toBe("web.vhd: 60 %, 60 MiB of 100 MiB, 1 MiB/s, 40 s left\n");
  });

  it.each([40, 60, 80, 120])("fits a terminal of %d columns", (columns) => {
    const { written, at } = display({ isTTY: true, columns });
    at(10, { sentBytes: 50 * MIB });
    const line = stripVTControlCharacters(written.join("")).replace("\r", "");
    expect(line.length).toBeLessThan(columns);
    expect(line).toContain("50 %");
  });
});
