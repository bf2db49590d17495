import type { Exchange } from "../../local/arm-simulator/control/exchanges.ts";
import type { StorageExchange } from "../../local/fault-proxy/index.ts";
import { classifyOperation } from "./operation-classes.ts";
import { RUN_HEADER, type Run } from "./run.ts";
import { addUsage, billedSeconds, NO_USAGE, type Usage } from "./usage.ts";

/** Returns what adds up what a run sent, by the header that its requests bear. */
export function createUsageReader(
  storage: readonly StorageExchange[],
  arm: readonly Exchange[],
): (run: Run) => Usage {
  const storageByRun = Map.groupBy(storage, ({ headers }) => headers[RUN_HEADER]);
  const armByRun = Map.groupBy(arm, ({ headers }) => headers[RUN_HEADER]);
  return ({ id, durationMs }) => {
    const calls = armByRun.get(id) ?? [];
    const armReads = calls.filter(({ method }) => method === "GET").length;
    return {
      ...addUsage((storageByRun.get(id) ?? []).map(usageOfExchange)),
      armReads,
      armWrites: calls.length - armReads,
      executions: 1,
      seconds: durationMs / 1000,
      billedSeconds: billedSeconds(durationMs),
    };
  };
}

/** What one request to storage uses. */
export function usageOfExchange(exchange: StorageExchange): Usage {
  const operation = classifyOperation(exchange);
  return {
    ...NO_USAGE,
    operations: { ...NO_USAGE.operations, [operation]: 1 },
    blobBytes: operation === "blobRead" ? exchange.answerBytes : 0,
  };
}
