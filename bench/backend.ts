import { buildAppEnvironment } from "../local/world/app-settings.ts";
import { startArm } from "../local/world/arm.ts";
import { createTempDir } from "../local/world/folders.ts";
import { FREE_PORTS } from "../local/world/local-ports.ts";
import { createPartScope } from "../local/world/part-scope.ts";
import { startStorage } from "../local/world/storage.ts";

/** The local world without the functions host: what an app that is started by hand needs. */
export interface Backend {
  readonly connectionString: string;
  /** Environment of the app. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

/** Starts storage and the simulator of the images API on free ports. */
export async function startBackend(): Promise<Backend> {
  const scope = createPartScope((error) => console.error(error));
  const ignore = (): void => {};
  try {
    const tempDir = await createTempDir(scope.cleanup);
    const environment = { ...process.env, LOCAL_WORLD_TEMP_DIR: tempDir, ARM_POLLS: "1" };
    const storage = await startStorage({ ports: FREE_PORTS, environment, log: ignore }, scope);
    const arm = await startArm({ port: 0, tempDir, storage, environment, log: ignore });
    scope.cleanup.add(() => arm.close());
    const { connectionString } = storage;
    return {
      connectionString,
      environment: {
        ...buildAppEnvironment(process.env, { connectionString, arm }),
        // As on a new instance.
        NODE_DISABLE_COMPILE_CACHE: "1",
      },
      close: () => scope.cleanup.run(),
    };
  } catch (error) {
    await scope.cleanup.run();
    throw error;
  }
}
