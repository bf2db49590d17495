/** One thing the app cannot work without. */
export interface Dependency {
  readonly name: string;
  /** Rejects when the dependency cannot be used. */
  readonly check: () => Promise<void>;
}

/** How the app's dependencies stand. */
export interface Health {
  readonly status: "healthy" | "unhealthy";
  readonly dependencies: readonly { readonly name: string; readonly status: "ok" | "failing" }[];
}

/**
 * Checks every dependency at the same time, each within the given time. Anybody may read the answer,
 * so it says which dependency fails and never why; the why goes to `onFailure`.
 */
export async function checkHealth(
  dependencies: readonly Dependency[],
  options: {
    readonly timeoutMilliseconds: number;
    readonly onFailure: (name: string, error: unknown) => void;
  },
): Promise<Health> {
  const checks = dependencies.map(async ({ name, check }) => {
    try {
      await within(check(), options.timeoutMilliseconds);
      return { name, status: "ok" as const };
    } catch (error) {
      options.onFailure(name, error);
      return { name, status: "failing" as const };
    }
  });
  const results = await Promise.all(checks);
  const isHealthy = results.every(({ status }) => status === "ok");
  return { status: isHealthy ? "healthy" : "unhealthy", dependencies: results };
}

async function within(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
