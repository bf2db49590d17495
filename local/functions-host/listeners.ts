import type { BackgroundTask } from "./background.ts";
import { type BlobPipeline, startBlobPipeline } from "./blob/pipeline.ts";
import { HOSTS_CONTAINER, type HostContext } from "./host-context.ts";
import type { QueueListener } from "./queue/listener.ts";
import { startQueueTrigger } from "./queue/trigger.ts";
import { startTimer } from "./timer/listener.ts";
import { createScheduleMonitor } from "./timer/monitor.ts";
import type { TimerTrigger } from "./timer/trigger.ts";
import type { Triggers } from "./triggers.ts";

/** Everything of a host that runs functions without being asked over HTTP. */
export interface Listeners extends BackgroundTask {
  /** Undefined when the app has no blob function. */
  readonly blobs: BlobPipeline | undefined;
  /** Queue listeners by the URL of their queue. */
  readonly queues: ReadonlyMap<string, QueueListener>;
}

/** Starts the listeners of all queue, blob and timer triggers. */
export async function startListeners(triggers: Triggers, context: HostContext): Promise<Listeners> {
  const blobs =
    triggers.blob.length > 0 ? await startBlobPipeline(triggers.blob, context) : undefined;
  const timers = await startTimers(triggers.timer, context);
  const queues = new Map(
    triggers.queue.map((trigger) => [
      trigger.service.getQueueClient(trigger.queueName).url,
      startQueueTrigger(trigger, context),
    ]),
  );
  const tasks: BackgroundTask[] = [...queues.values(), ...timers, ...(blobs ? [blobs] : [])];
  return {
    blobs,
    queues,
    async stop() {
      await Promise.all(tasks.map((task) => task.stop()));
    },
  };
}

async function startTimers(
  triggers: readonly TimerTrigger[],
  context: HostContext,
): Promise<BackgroundTask[]> {
  const { accounts, hostStorage, hostId, invoker, log, now } = context;
  const hosts = accounts.blobs(hostStorage).getContainerClient(HOSTS_CONTAINER);
  if (triggers.some((trigger) => trigger.useMonitor)) await hosts.createIfNotExists();
  return triggers.map((trigger) => {
    const { id } = trigger.target;
    const monitor = trigger.useMonitor ? createScheduleMonitor(hosts, hostId, id) : undefined;
    return startTimer({ trigger, monitor, invoker, log, now });
  });
}
