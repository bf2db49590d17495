import { expect, it } from "vitest";
import { readFatDirectory } from "../../../../../shared/disk/content/fat-directory.ts";

const SHORT = "BOOTX6~1EFI";

function shortEntry(): Buffer {
  const entry = Buffer.alloc(32);
  entry.write(SHORT, "latin1");
  entry.writeUInt32LE(1024, 28);
  return entry;
}

/** The one piece of a long name, with the checksum of the short name that it belongs to. */
function longEntry(name: string, shortName: string): Buffer {
  const entry = Buffer.alloc(32);
  const units = Buffer.alloc(26, 0xff);
  units.write(`${name}\0`, "utf16le");
  entry.set([0x41], 0);
  entry.set([0x0f], 11);
  const sum = (total: number, byte: number) => ((total >> 1) | ((total & 1) << 7)) + byte;
  entry.set([[...Buffer.from(shortName)].reduce((a, b) => sum(a, b) & 0xff, 0)], 13);
  units.copy(entry, 1, 0, 10);
  units.copy(entry, 14, 10, 22);
  units.copy(entry, 28, 22, 26);
  return entry;
}

it("takes a long name for the entry whose checksum it carries", () => {
  const bytes = Buffer.concat([longEntry("bootx64.efi", SHORT), shortEntry()]);

  expect(readFatDirectory(bytes).entries.map(({ name }) => name)).toEqual(["bootx64.efi"]);
});

it("leaves out a long name that belongs to an entry of the past", () => {
  const bytes = Buffer.concat([longEntry("bootx64.efi", "OTHER   EFI"), shortEntry()]);

  expect(readFatDirectory(bytes).entries.map(({ name }) => name)).toEqual(["BOOTX6~1.EFI"]);
});
