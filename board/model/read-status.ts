import type { Status } from "./status.ts";

const LISTS = ["outputs", "disks", "warnings", "events"] as const;

/**
 * A status from an answer; null when it is something else. Lists that are missing become empty, so that
 * one strange document does not keep the others from being shown.
 */
export function readStatus(body: unknown): Status | null {
  if (typeof body !== "object" || body === null) return null;
  const document = body as Readonly<Record<string, unknown>>;
  const isText = (name: string): boolean => typeof document[name] === "string";
  if (!["requestId", "state", "source"].every(isText)) return null;
  const lists = LISTS.map((name) => [name, Array.isArray(document[name]) ? document[name] : []]);
  const { image = null, error = null, retrying = null } = document;
  return { ...document, image, error, retrying, ...Object.fromEntries(lists) } as unknown as Status;
}
