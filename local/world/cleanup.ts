type Undo = () => Promise<void> | void;

/** What has to be undone, in the reverse of the order in which it was done. */
export type Cleanup = {
  /** Whether `run` was called. */
  readonly begun: boolean;
  /** Adds a step. After `run` it is carried out at once, so that nothing slips through a late start. */
  add(undo: Undo): void;
  /** Carries out every step once, whatever single ones throw; further calls wait for the first. */
  run(): Promise<void>;
};

/** Returns an empty list. @param onError takes what a step throws. */
export function createCleanup(onError: (error: unknown) => void): Cleanup {
  const steps: Undo[] = [];
  let running: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    for (let undo = steps.pop(); undo !== undefined; undo = steps.pop()) {
      try {
        await undo();
      } catch (error) {
        onError(error);
      }
    }
  };
  return {
    get begun() {
      return running !== undefined;
    },
    add(undo) {
      steps.push(undo);
      if (running !== undefined) running = running.then(drain);
    },
    run() {
      running ??= drain();
      return running;
    },
  };
}
