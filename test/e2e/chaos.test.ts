import { testChaos } from "../chaos.ts";

/** A short run; test/full has a longer one. */
testChaos({
  requests: 12,
  kills: 3,
  minutes: 0.1,
  seed: 41,
  atLeast: { succeeded: 5, failed: 1, storageFaults: 3, versions: 6, convertedDisks: 2 },
});
