import type { FakeApp } from "./app.ts";

/** The process died at a crash point. */
export class CrashError extends Error {
  override readonly name = "CrashError";
}

/** What the app does to the world; before and after each of them is a crash point. */
const EFFECTS = {
  records: ["create", "save", "putClaim", "putNote", "swapNote", "claimVersion"],
  workQueue: ["send"],
  convertQueue: ["send"],
  targets: ["create", "copy", "write", "remove"],
  statusQueue: ["publish"],
  images: ["create"],
  galleries: ["createDefinition", "createVersion", "deleteVersion"],
} as const;

/** Crash points of one run, in the order in which they are reached. */
export interface CrashPoints {
  /** `records.save:before` and so on, one for each effect of the run so far. */
  readonly reached: readonly string[];
}

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * Puts a crash point before and after every effect of the app. At the one with the given index (from
 * 0) the process dies, once: the call throws, and whatever the caller had still in mind is gone.
 */
export function installCrashPoints(app: FakeApp, crashAt: number | null): CrashPoints {
  const reached: string[] = [];
  const reach = (point: string): void => {
    const index = reached.push(point) - 1;
    if (index === crashAt) throw new CrashError(point);
  };
  for (const [port, methods] of Object.entries(EFFECTS)) {
    const target = app[port as keyof typeof EFFECTS] as unknown as Record<string, Method>;
    for (const method of methods) {
      const act = target[method] as Method;
      target[method] = async (...args) => {
        reach(`${port}.${method}:before`);
        const result = await act(...args);
        reach(`${port}.${method}:after`);
        return result;
      };
    }
  }
  return { reached };
}
