import { testChaos } from "../chaos.ts";

testChaos({
  requests: 40,
  kills: 8,
  minutes: 0.35,
  seed: 11,
  atLeast: { succeeded: 15, failed: 5, storageFaults: 50, versions: 4, convertedDisks: 4 },
});
