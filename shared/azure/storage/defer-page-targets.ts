import type { PageTargets } from "../../page-targets.ts";

/** Page targets whose client is made for the first call: most invocations convert nothing (ADR 18). */
export function deferPageTargets(load: () => Promise<PageTargets>): PageTargets {
  return {
    create: async (...call) => (await load()).create(...call),
    copy: async (...call) => (await load()).copy(...call),
    write: async (...call) => (await load()).write(...call),
    countWritten: async (...call) => (await load()).countWritten(...call),
    remove: async (...call) => (await load()).remove(...call),
  };
}
