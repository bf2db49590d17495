import { randomBytes } from "node:crypto";
import { access, type FileHandle, link, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConvertError, explainFileError } from "./convert-error.ts";

/** A name beside `path` for a file that is not finished; a new one each time. */
export function temporaryName(path: string, suffix: string): string {
  return join(dirname(path), `.${basename(path)}.${suffix}-${randomBytes(4).toString("hex")}`);
}

/** Refuses a target that exists, unless it is to be replaced. */
export async function requireFree(path: string, overwrite: boolean): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists && !overwrite) refuseExisting(path);
}

/**
 * Writes a file under a temporary name and gives it its own when it is complete and on the disk. After
 * an error nothing is left.
 * @throws ConvertError when it exists and is not to be replaced, or cannot be written.
 */
export async function writeWhole<Result>(
  path: string,
  overwrite: boolean,
  write: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  await requireFree(path, overwrite);
  const temporary = temporaryName(path, "partial");
  const file = await open(temporary, "wx").catch((cause: unknown) => {
    throw explainFileError("written", path, cause);
  });
  try {
    const result = await write(file);
    await file.sync();
    await file.close();
    await giveName(temporary, path, overwrite);
    return result;
  } catch (error) {
    await file.close().catch(() => {});
    const isFileError = error instanceof Error && "code" in error && "syscall" in error;
    throw isFileError ? explainFileError("written", path, error) : error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A link never replaces a file that came meanwhile; where there are no links, the name is checked. */
async function giveName(temporary: string, path: string, overwrite: boolean): Promise<void> {
  if (overwrite) return rename(temporary, path);
  try {
    await link(temporary, path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "EEXIST") refuseExisting(path);
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP") throw error;
    await requireFree(path, overwrite);
    await rename(temporary, path);
  }
}

function refuseExisting(path: string): never {
  throw new ConvertError(`${path} already exists. Choose another name, or add --overwrite.`);
}
