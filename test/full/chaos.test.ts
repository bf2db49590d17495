import { testChaos } from "../chaos.ts";

testChaos({
  requests: 28,
  kills: 5,
  minutes: 0.25,
  seed: 11,
  atLeast: { succeeded: 8, failed: 3, storageFaults: 10, versions: 2, convertedDisks: 2 },
});
