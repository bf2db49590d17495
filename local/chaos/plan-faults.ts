import type { Random, StorageFaults } from "../fault-proxy/index.ts";
import type { HostFaults } from "../functions-host/faults.ts";
import type { Plan, PlannedServiceFault, ServiceFault } from "./plan.ts";

/** Errors of the service that pass by themselves, as it may give them to any request. */
const SERVICE_FAULTS: readonly ((random: Random) => ServiceFault)[] = [
  (random) => ({ status: 429, retryAfter: random.integer(1, 4) }),
  () => ({ status: 429 }),
  () => ({ status: 500 }),
  () => ({ status: 503 }),
  () => ({ status: "drop" }),
  (random) => ({ status: "timeout", seconds: random.integer(1, 5) }),
  () => ({ status: 500, when: "after" }),
  () => ({ status: "drop", when: "after" }),
  () => ({ status: "drop", when: "after" }),
];

/** About one fault of the service for every two requests, half of them for the PUT. */
export function drawServiceFaults(
  random: Random,
  activityMs: number,
  requests: number,
): PlannedServiceFault[] {
  return Array.from({ length: Math.ceil(requests / 2) }, () => {
    const at = random.integer(0, activityMs);
    const fault = random.pick(SERVICE_FAULTS)(random);
    const method = random.pick(["PUT", "PUT", "GET"]);
    return { at, fault: { ...fault, method, count: random.integer(1, 2) } };
  }).toSorted((a, b) => a.at - b.at);
}

/** What storage can be like; chances are per request. */
const STORAGE_WEATHER: readonly NonNullable<StorageFaults["chances"]>[] = [
  {},
  { delay: 0.2 },
  { busy: 0.08, delay: 0.05 },
  { resetBefore: 0.03, resetAfter: 0.05 },
  { error: 0.04, resetAfter: 0.03, delay: 0.05 },
  { busy: 0.25 },
  { resetAfter: 0.12 },
];
const WEATHER_MS = 4_000;

/** Storage changes its mood every few seconds. */
export function drawStorageFaults(random: Random, activityMs: number): Plan["storageFaults"] {
  return Array.from({ length: Math.ceil(activityMs / WEATHER_MS) }, (_, index) => {
    const chances = random.pick(STORAGE_WEATHER);
    const faults = { seed: random.integer(0, 1e9), chances, delayMs: random.integer(50, 900) };
    return { at: index * WEATHER_MS, faults };
  });
}

/** What can go wrong between storage and the functions. */
const TRIGGER_FAULTS: readonly HostFaults[] = [
  {},
  { blobEvents: { duplicate: 0.4 }, queue: { duplicate: 0.2 } },
  { blobEvents: { drop: 0.3 } },
  { blobEvents: { reorder: true }, queue: { duplicate: 0.4 } },
  { blobEvents: { early: true, duplicate: 0.2 } },
  { blobEvents: { drop: 0.2, duplicate: 0.2, reorder: true }, queue: { duplicate: 0.1 } },
];
const TRIGGER_MS = 6_000;

/** Each instance has its own trouble with triggers, and another one every few seconds. */
export function drawHostFaults(
  random: Random,
  activityMs: number,
  instances: number,
): Plan["hostFaults"] {
  return Array.from({ length: Math.ceil(activityMs / TRIGGER_MS) }, (_, index) => index).flatMap(
    (index) =>
      Array.from({ length: instances }, (_, instance) => ({
        at: index * TRIGGER_MS,
        instance,
        faults: { seed: random.integer(0, 1e9), ...random.pick(TRIGGER_FAULTS) },
      })),
  );
}
