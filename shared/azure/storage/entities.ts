import type { TableClient } from "@azure/data-tables";
import { statusOf } from "./http-status.ts";
import { PARTITION } from "./row-keys.ts";

/** A row of the request table; null when it does not exist. */
export async function getEntity(
  table: TableClient,
  rowKey: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    return await table.getEntity<Record<string, unknown>>(PARTITION, rowKey);
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/**
 * The ETag of an answer of the table service.
 * @throws TypeError when there is none.
 */
export function etagOf(etag: unknown): string {
  if (typeof etag !== "string") throw new TypeError("Table Storage sent no ETag");
  return etag;
}
