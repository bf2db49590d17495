import type { Trial } from "./evidence.ts";

/** State changes that did not come out of the status queue, by request and sequence number. */
export function findMissingEvents({ requests, events }: Trial): string[] {
  const announced = new Set(
    events.map(({ sequence, data }) => `${data.requestId} ${Number(sequence)} ${data.state}`),
  );
  return requests.flatMap(({ requestId, source, events: changes }) =>
    changes.flatMap(({ state }, index) =>
      announced.has(`${requestId} ${index + 1} ${state}`)
        ? []
        : [`number ${index + 1} of ${source} (${state})`],
    ),
  );
}

/** Events on the status queue that report no state change. */
export function findStrayEvents({ requests, events }: Trial): string[] {
  const byId = new Map(requests.map((request) => [request.requestId, request]));
  return events
    .filter(({ id, sequence, data }) => {
      const number = Number(sequence);
      const change = byId.get(data.requestId)?.events[number - 1];
      return change?.state !== data.state || id !== `${data.requestId}-${number}`;
    })
    .map(({ id, data }) => `${id} (${data.state})`);
}

/** Messages that are still to be processed. */
export function findWorkLeft({ workMessages }: Trial): string[] {
  return Array.from({ length: workMessages }, (_, index) => `message ${index + 1}`);
}

/** Messages in poison queues whose request has not failed. */
export function findPoison({ poison, requests }: Trial): string[] {
  const failed = new Set(
    requests.flatMap(({ state, requestId, source }) =>
      state === "failed" ? [requestId, source] : [],
    ),
  );
  return poison.filter((text) => !namesOneOf(failed, text));
}

/** Whether a poison message, of the work queue or of the blob trigger, names one of the requests. */
function namesOneOf(failed: ReadonlySet<string>, text: string): boolean {
  try {
    const { requestId, BlobName } = JSON.parse(text) as Record<string, unknown>;
    return failed.has(String(requestId ?? BlobName));
  } catch {
    return false;
  }
}
