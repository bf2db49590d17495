/** A message of a conversion that became poison ends its request as every work message does. */
export { makeHandler } from "./poison-work.queue.ts";
