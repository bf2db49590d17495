import { type FileHandle, open, stat } from "node:fs/promises";
import { CommandError, fileError } from "./command-error.ts";

/**
 * Opens a file for reading. `shown` is the path as typed, for messages.
 * @throws CommandError when it does not exist, is not a regular file, or may not be read.
 */
export async function openRegularFile(path: string, shown: string): Promise<FileHandle> {
  // Checked before it is opened: opening a named pipe waits until somebody writes to it.
  const stats = await stat(path).catch((cause: unknown) => {
    throw fileError(shown, cause);
  });
  if (stats.isDirectory()) throw new CommandError("usage", `${shown} is a folder, not a file.`);
  if (!stats.isFile()) throw new CommandError("usage", `${shown} is not a regular file.`);
  return open(path, "r").catch((cause: unknown) => {
    throw fileError(shown, cause);
  });
}
