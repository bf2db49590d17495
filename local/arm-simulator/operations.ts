import { createHash } from "node:crypto";
import { countLook } from "./galleries/version-store.ts";
import { settleOperation } from "./settle-operation.ts";
import type { Operation, Store } from "./store.ts";

/**
 * Counts one look at an operation, by its own URL or by its image: the first `observationsLeft`
 * looks find it running, the next one ends it. Returns the operation as this look finds it.
 */
export function observeOperation(store: Store, operation: Operation, now: Date): Operation {
  if (operation.endTime !== undefined || operation.end.status === "Never") return operation;
  const observed: Operation =
    operation.observationsLeft > 0
      ? { ...operation, observationsLeft: operation.observationsLeft - 1 }
      : { ...operation, endTime: now };
  store.operations.set(observed.id, observed);
  countLook(store, observed.resource);
  return observed.endTime === undefined ? observed : settleOperation(store, observed);
}

/** Returns the body of an operation's status, in the shape recorded from the service. */
export function viewOperation(operation: Operation): object {
  const { id, startTime, endTime, end } = operation;
  return {
    startTime: formatTime(startTime),
    ...(endTime === undefined ? {} : { endTime: formatTime(endTime) }),
    status: endTime === undefined ? "InProgress" : end.status,
    ...(endTime !== undefined && end.error !== undefined ? { error: end.error } : {}),
    name: id,
  };
}

/**
 * Returns an operation's URL. Like Resource Manager's since 2024 it carries a signed query of about
 * 3 kB (see azure-cli's recording `test_image_version_create_os_vhd`); this one is a look-alike that
 * grants nothing, so that clients are tested with the length and the duty to keep it out of logs.
 */
export function formatOperationUrl(
  baseUrl: string,
  operation: Operation,
  apiVersion: string,
): string {
  const path = `/subscriptions/${operation.subscriptionId}/providers/Microsoft.Compute/locations/${operation.location}/${nameCollection(operation)}/${operation.id}`;
  const query = new URLSearchParams({
    p: operation.subscriptionId,
    "api-version": apiVersion,
    t: String(operation.startTime.getTime()),
    c: signatureLookAlike(`${operation.id}.c`, 2_800),
    s: signatureLookAlike(`${operation.id}.s`, 342),
    h: signatureLookAlike(`${operation.id}.h`, 43),
  });
  return `${baseUrl}${path}?${query}`;
}

function signatureLookAlike(seed: string, length: number): string {
  const blocks = Array.from({ length: Math.ceil(length / 43) }, (_, index) =>
    createHash("sha256").update(`${seed}.${index}`).digest("base64url"),
  );
  return blocks.join("").slice(0, length);
}

/** Where operations are looked up differs: those of galleries are `capsOperations`. */
function nameCollection({ resource }: Operation): string {
  return /^galleries\b/i.test(resource.type) ? "capsOperations" : "operations";
}

/** Seven decimals and a numeric offset, as the service prints times. */
function formatTime(time: Date): string {
  return time.toISOString().replace("Z", "0000+00:00");
}
