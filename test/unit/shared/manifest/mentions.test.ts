import { describe, expect, it } from "vitest";
import { DISK_EXTENSIONS } from "../../../../shared/disk/format/disk-files.ts";
import { createBlobLocator } from "../../../../shared/image/blob-uri.ts";
import { findMentions } from "../../../../shared/manifest/mentions.ts";
import { ACCOUNT_URL, CONTAINER } from "../../../factories.ts";
import { growthOf, LINEAR_GROWTH } from "../../../growth.ts";

const context = { name: "web.json", locator: createBlobLocator(ACCOUNT_URL, CONTAINER) };

/** Characters: much more than what is searched around a match, which a shorter text would cut off. */
const LONG_TEXT = 8_000;
/** What the expression of extensions, and what is looked for around a match, can be kept busy with. */
const PUMPS = [
  DISK_EXTENSIONS.join(""),
  DISK_EXTENSIONS.join("x"),
  ".vhd",
  '".tgz',
  "'a.vhd,",
  "=a.vhd;",
  "\\.vhd",
  ".vh",
];

describe("what a text can be seen to name", () => {
  it.each(PUMPS)("is found in time in proportion to the text: %j repeated", (pump) => {
    const growth = growthOf((size) => {
      const text = pump.repeat(Math.ceil(size / pump.length));
      return () => findMentions(text, undefined, context);
    }, LONG_TEXT);
    expect(growth).toBeLessThanOrEqual(LINEAR_GROWTH);
  });
});
