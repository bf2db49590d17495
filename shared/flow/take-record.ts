import { RecordConflictError } from "../errors.ts";
import type { RecordStore, StoredRecord } from "../ports.ts";

/** How often a record that others keep saving is read again within one invocation. */
const MAX_RACES = 5;

/**
 * Reads a record and has it acted on; whoever loses the race for it reads it again and decides again.
 * @param act gets null when the request does not exist, and the number of races lost so far. It throws
 *   RecordConflictError when it lost.
 * @returns what `act` returned.
 * @throws RecordConflictError after five lost races; whatever else `act` throws.
 */
export async function takeRecord<T>(
  requestId: string,
  { records }: { readonly records: RecordStore },
  act: (stored: StoredRecord | null, race: number) => Promise<T>,
): Promise<T> {
  for (let race = 0; race < MAX_RACES; race++) {
    const stored = await records.get(requestId);
    try {
      return await act(stored, race);
    } catch (error) {
      if (!(error instanceof RecordConflictError)) throw error;
    }
  }
  throw new RecordConflictError(
    `request ${requestId} was saved by other invocations ${MAX_RACES} times in a row`,
  );
}
