import type { CoreModule } from "./core-module.ts";
import { createFaultPlan } from "./faults.ts";
import type { HostConfig } from "./host-config.ts";
import type { HostContext } from "./host-context.ts";
import { readHostId } from "./host-id.ts";
import type { AbruptEnd, FunctionsHostOptions } from "./host-options.ts";
import { createInvoker } from "./invoke.ts";
import type { HostLog } from "./log.ts";
import { openOutputQueue } from "./output-queues.ts";
import type { QueueListener } from "./queue/listener.ts";
import { writeQueueOutputs } from "./queue/outputs.ts";
import { createStorageAccounts } from "./storage.ts";

/** Exit code after a run exceeded functionTimeout, as timeout(1) has it. */
export const TIMEOUT_EXIT_CODE = 124;

const DEFAULT_BLOB_POLL_SECONDS = 2;
const DEFAULT_QUEUE_LEASE_SECONDS = 600;

/**
 * Returns what the listeners of one host share. `findListener` finds the listener of a queue by its
 * URL, to wake it when the host itself adds a message. Throws ZodError when the faults are invalid.
 */
export function createHostContext(
  options: FunctionsHostOptions,
  config: HostConfig,
  core: CoreModule,
  log: HostLog,
  findListener: (queueUrl: string) => QueueListener | undefined,
): HostContext {
  const { settings, hostStorage } = options;
  const accounts = createStorageAccounts();
  const endProcess = options.endProcess ?? endThisProcess;
  const faults = createFaultPlan(options.faults ?? {}, () => endProcess("killAfter"));
  const wakeListener = (queueUrl: string): void => findListener(queueUrl)?.wake();
  const outputOptions = { settings, hostStorage, accounts, wakeListener };
  const invoker = createInvoker({
    core,
    log,
    faults,
    functionTimeoutMs: config.functionTimeoutMs,
    onTimeout: () => endProcess("functionTimeout"),
    writeOutputs: (target, data, response) =>
      writeQueueOutputs(
        {
          encoding: config.queues.messageEncoding,
          open: (output, from) => openOutputQueue(outputOptions, output, from),
        },
        target,
        data,
        response,
      ),
  });
  return {
    hostId: readHostId(options.appDirectory, settings),
    hostStorage,
    settings,
    config,
    accounts,
    invoker,
    faults,
    log,
    now: () => new Date(),
    wakeListener,
    queueLeaseSeconds: options.queueLeaseSeconds ?? DEFAULT_QUEUE_LEASE_SECONDS,
    blobPollSeconds: options.blobPollSeconds ?? DEFAULT_BLOB_POLL_SECONDS,
    synthesizeBlobEvents: options.synthesizeBlobEvents ?? true,
  };
}

function endThisProcess(reason: AbruptEnd): void {
  if (reason === "functionTimeout") process.exit(TIMEOUT_EXIT_CODE);
  process.kill(process.pid, "SIGKILL");
}
