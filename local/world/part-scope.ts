import { type Cleanup, createCleanup } from "./cleanup.ts";
import type { PartDiedError } from "./part-errors.ts";

/** What the parts of one world share: how it is taken down, and who is notified of an unexpected end. */
export type PartScope = {
  readonly cleanup: Cleanup;
  /** Resolves with the first report before the world is taken down; stays pending otherwise. */
  readonly died: Promise<PartDiedError>;
  reportDeath(error: PartDiedError): void;
};

/** Returns the scope of a new world. @param onCleanupError takes what a step of the cleanup throws. */
export function createPartScope(onCleanupError: (error: unknown) => void): PartScope {
  const cleanup = createCleanup(onCleanupError);
  const died = Promise.withResolvers<PartDiedError>();
  return {
    cleanup,
    died: died.promise,
    reportDeath(error) {
      if (!cleanup.begun) died.resolve(error);
    },
  };
}
