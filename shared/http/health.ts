/** One thing the app cannot work without. */
export interface Dependency {
  readonly name: string;
  /** Rejects when the dependency cannot be used; a text calls for attention without being in the way. */
  readonly check: () => Promise<string | undefined>;
}

/** How the app's dependencies stand. */
export interface Health {
  readonly status: "healthy" | "unhealthy";
  /** What is wrong with the settings; absent when nothing is. */
  readonly settings?: readonly { readonly name: string; readonly problem: string }[];
  readonly dependencies: readonly DependencyHealth[];
}

/** One line of the answer. */
export interface DependencyHealth {
  readonly name: string;
  readonly status: "ok" | "attention" | "failing";
  /** What calls for attention. */
  readonly detail?: string;
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
  const checks = dependencies.map(async ({ name, check }): Promise<DependencyHealth> => {
    try {
      const detail = await within(check(), options.timeoutMilliseconds);
      return detail === undefined ? { name, status: "ok" } : { name, status: "attention", detail };
    } catch (error) {
      options.onFailure(name, error);
      return { name, status: "failing" };
    }
  });
  const results = await Promise.all(checks);
  const isHealthy = results.every(({ status }) => status !== "failing");
  return { status: isHealthy ? "healthy" : "unhealthy", dependencies: results };
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
