import { testChaos } from "../chaos.ts";

/** A short run; test/full has a longer one. */
testChaos({
  requests: 12,
  kills: 3,
  minutes: 0.1,
  seed: 16,
  atLeast: { succeeded: 5, failed: 1, storageFaults: 3 },
});
