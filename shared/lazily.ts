/**
 * Puts something off until it is first needed: runs `make` at the first call and gives what it made to
 * that and every later call. When `make` fails, so does the call, and the next one retries.
 */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
