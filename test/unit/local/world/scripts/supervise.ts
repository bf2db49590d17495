// A parent for tests: starts one child, prints its pid and waits to be killed.
import { spawnChild } from "../../../../../local/world/child.ts";

const script = process.argv[2] ?? "";
const child = spawnChild({
  name: "grandchild",
  script,
  args: [],
  environment: process.env,
  log: () => {},
});
await child.waitForOutput((line) => (line.startsWith("ready") ? line : undefined), 10_000);
process.stdout.write(`${child.pid}\n`);
setInterval(() => {}, 1_000);
