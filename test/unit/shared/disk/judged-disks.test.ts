import { describe, expect, it } from "vitest";
import { judgeDisks } from "../../../disks/judge-disks.ts";

const answers = await judgeDisks();

describe("what is found on disks of which firmware, blkid and their makers know the truth", () => {
  it.each(answers)("is not certain and wrong of $disk ($question)", ({ verdict }) => {
    expect(verdict).not.toBe("wrong");
  });
});
