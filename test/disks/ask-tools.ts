import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Debian keeps these tools out of a user's path. */
const env = {
  ...process.env,
  PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`,
  LC_ALL: "C.UTF-8",
};
/** The exit status of blkid where it recognises nothing, and where it recognises two things. */
const NOTHING_FOUND = 2;
const AMBIVALENT = 8;

/** What blkid finds at one place of a file. */
export interface BlkidAnswer {
  /** Null: nothing. `ambivalent`: several that exclude each other. */
  readonly type: string | null;
  readonly label: string | null;
  /** The partition table; null for none. */
  readonly table: string | null;
}

/**
 * Asks blkid what is in these bytes of a file.
 * @throws Error when blkid does not answer.
 */
export async function askBlkid(
  path: string,
  { offset, size }: { readonly offset: number; readonly size: number },
): Promise<BlkidAnswer> {
  const place = ["-O", String(offset), "-S", String(size)];
  const text = await run("blkid", ["-p", "-o", "export", ...place, path], { env }).then(
    ({ stdout }) => stdout,
    (error: { code?: unknown }) => {
      if (error.code === NOTHING_FOUND) return "";
      if (error.code === AMBIVALENT) return "TYPE=ambivalent";
      throw error;
    },
  );
  const read = (key: string): string | null => {
    const line = text.split("\n").find((one) => one.startsWith(`${key}=`));
    return line === undefined ? null : decodeValue(line.slice(key.length + 1));
  };
  return { type: read("TYPE"), label: read("LABEL"), table: read("PTTYPE") };
}

/**
 * A value as it is on the disk: `export` puts a backslash before what a shell would take for something
 * else, and writes the bytes from 128 on as `M-C`, and control characters as `^C`. What is not UTF-8 then
 * is `\\xNN` for each such byte, as `-o udev` has it.
 */
function decodeValue(value: string): string {
  const bytes = [...value.matchAll(/M-\^(.)|M-(.)|\\?(.)/gu)].flatMap(
    ([, high = "", meta = "", plain = ""]): readonly number[] => {
      if (high !== "") return [0x80 | ((high.codePointAt(0) ?? 0) ^ 0x40)];
      return meta === "" ? [...Buffer.from(plain)] : [0x80 | (meta.codePointAt(0) ?? 0)];
    },
  );
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return bytes
      .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`))
      .join("");
  }
}

/**
 * The number of problems that sgdisk finds in a GPT.
 * @throws Error when it says neither a number nor that there are none.
 */
export async function countGptProblems(path: string): Promise<number> {
  const { stdout } = await run("sgdisk", ["-v", path], { env }).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? "" }),
  );
  if (stdout.includes("No problems found")) return 0;
  const count = /Identified (\d+) problems!/.exec(stdout)?.[1];
  if (count === undefined) throw new Error(`sgdisk -v says no number of problems: ${stdout}`);
  return Number(count);
}
