import { vi } from "vitest";

/** A function that answers HTTP requests, as it is registered. */
export interface HttpRegistration {
  readonly method: string;
  /** Without the prefix, e.g. `status/{requestId}`. */
  readonly route: string;
  readonly authLevel: string;
}

interface HttpOptions {
  readonly methods: readonly string[];
  readonly route: string;
  readonly authLevel: string;
}

/**
 * Loads the composition root with recorders in the place of the Functions libraries, and returns what
 * it registers for HTTP. Nothing is connected to: clients are only made.
 */
export async function recordHttpRegistrations(): Promise<readonly HttpRegistration[]> {
  const registrations: HttpRegistration[] = [];
  const ignore = (): void => {};
  vi.doMock("@azure/functions", () => ({
    app: {
      hook: { appStart: ignore },
      storageBlob: ignore,
      storageQueue: ignore,
      timer: ignore,
      http: (_name: string, { methods, route, authLevel }: HttpOptions) =>
        registrations.push(...methods.map((method) => ({ method, route, authLevel }))),
    },
  }));
  vi.doMock("@azure/functions-extensions-base", () => ({
    ResourceFactoryResolver: { getInstance: () => ({ registerResourceFactory: ignore }) },
  }));
  vi.stubEnv("ImageStorage", "UseDevelopmentStorage=true");
  try {
    await import("../../functions/index.ts");
  } finally {
    vi.unstubAllEnvs();
    vi.doUnmock("@azure/functions");
    vi.doUnmock("@azure/functions-extensions-base");
  }
  return registrations;
}
