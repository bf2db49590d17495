import type { Child } from "./child.ts";
import {
  type FunctionsHostOptions,
  type FunctionsReady,
  startFunctionsHost,
} from "./functions-host.ts";
import type { PartDiedError } from "./part-errors.ts";

/** The functions host through its stops and starts. */
export type HostKeeper = {
  /** Process id of the host that was started last. */
  readonly pid: number;
  /** Starts the host and resolves when it answers; from the second time on, on the port of the first. */
  start(): Promise<FunctionsReady>;
  stop(): Promise<void>;
  kill(): Promise<void>;
};

export type HostKeeperOptions = FunctionsHostOptions & {
  /** Told when the host ends without having been stopped or killed here. */
  readonly onDied: (error: PartDiedError) => void;
};

/** Returns a keeper whose host does not run yet. */
export function createHostKeeper(options: HostKeeperOptions): HostKeeper {
  let port = options.port;
  let child: Child | undefined;
  /** Forgets the present host, so that its end is no longer unexpected, and returns it. */
  const release = (): Child | undefined => {
    const released = child;
    child = undefined;
    return released;
  };
  let pid = 0;
  return {
    get pid() {
      return pid;
    },
    async start() {
      const host = startFunctionsHost({ ...options, port });
      child = host.child;
      pid = host.child.pid;
      void host.child.exited.then((error) => {
        if (child === host.child) options.onDied(error);
      });
      const ready = await host.ready;
      port = Number(new URL(ready.url).port);
      return ready;
    },
    stop: async () => release()?.stop(),
    kill: async () => release()?.kill(),
  };
}
