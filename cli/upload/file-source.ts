import { describeInput, type InputFile } from "../convert/open-input.ts";
import { openRegularFile } from "../regular-file.ts";
import { formatIdentity, identifyFile, isSameFile } from "./file-identity.ts";
import type { TransferSource } from "./transfer.ts";

/** What is sent as it is; without what its metadata say. */
export interface OpenSource extends Omit<TransferSource, "metadata"> {
  readonly close: () => Promise<void>;
}

/** An open file that is sent as it is. */
export interface FileSource extends OpenSource {
  readonly input: InputFile;
}

/**
 * Opens a file to be sent. `shown` is the path as typed, for messages; `blob` names it in its identity.
 * @throws CommandError when it does not exist, is not a regular file, or may not be read.
 */
export async function openFileSource(
  path: string,
  shown: string,
  blob: string,
): Promise<FileSource> {
  const file = await openRegularFile(path, shown);
  try {
    const input = await describeInput(shown, file);
    const identity = await identifyFile(file, blob);
    const { reader, hasChanged, close } = input;
    return {
      input,
      reader,
      sizeBytes: reader.length,
      shown,
      identity: formatIdentity(identity),
      isSame: (text) => isSameFile(text, identity),
      hasChanged,
      close,
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
