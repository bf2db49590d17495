import type { TableClient, TransactionAction } from "@azure/data-tables";
import { RecordConflictError } from "../../errors.ts";
import type { RecordRemoval } from "../../record-removal.ts";
import { etagOf, getEntity } from "./entities.ts";
import { statusOf } from "./http-status.ts";
import {
  afterPrefix,
  CLAIMS_PREFIX,
  diskNameKey,
  INDEX_OF_ALL,
  indexKeys,
  noteKey,
  openedAtKey,
  PARTITION,
  recordKey,
  requestIdOfKey,
} from "./row-keys.ts";
import { listKeys } from "./rows.ts";

/** Statuses of the table service that say that a row was changed or removed by somebody else. */
const LOST = [404, 412];

/** How rows leave the request table. */
export function createRemoval(table: TableClient): RecordRemoval {
  return {
    async listOpenedUpTo(at, { limit, cursor }) {
      const from = cursor ?? openedAtKey(at);
      const keys = await listKeys(table, { from, to: afterPrefix(INDEX_OF_ALL), limit });
      return { ids: keys.map(requestIdOfKey), cursor: cursorAfter(keys, limit) };
    },

    async remove({ record, etag }) {
      const rows = [recordKey(record.requestId), ...indexKeys(record)];
      const lost = (cause?: unknown) =>
        new RecordConflictError(`request ${record.requestId} was saved by somebody else`, {
          cause,
        });
      // The client deletes in a transaction whatever the ETag is, so it is compared right before.
      const present = await getEntity(table, recordKey(record.requestId));
      if (present?.etag !== etag) throw lost();
      try {
        await table.submitTransaction(rows.map(deleteRow));
      } catch (error) {
        if (!LOST.includes(statusOf(error) ?? 0)) throw error;
        throw lost(error);
      }
    },

    async listAllClaims({ limit, cursor }) {
      const from = cursor ?? CLAIMS_PREFIX;
      const keys = await listKeys(table, { from, to: afterPrefix(CLAIMS_PREFIX), limit });
      const claims = keys.map((key) => ({ key, requestId: requestIdOfKey(key) }));
      return { claims, cursor: cursorAfter(keys, limit) };
    },

    async removeClaim(key) {
      await deleteIfUnchanged(table, key, "*");
    },

    async removeNote(key, value) {
      const entity = await getEntity(table, noteKey(key));
      if (entity === null || entity.value !== value) return false;
      return deleteIfUnchanged(table, noteKey(key), etagOf(entity.etag));
    },

    async removeDiskName(blob, family, isGone) {
      const rowKey = diskNameKey(blob, family);
      const entity = await getEntity(table, rowKey);
      if (entity === null || !(await isGone())) return false;
      return deleteIfUnchanged(table, rowKey, etagOf(entity.etag));
    },
  };
}

/** The least key behind the last one of a full page: a space sorts before anything in a row key. */
function cursorAfter(keys: readonly string[], limit: number): string | null {
  const last = keys.at(-1);
  return last === undefined || keys.length < limit ? null : `${last} `;
}

async function deleteIfUnchanged(
  table: TableClient,
  rowKey: string,
  etag: string,
): Promise<boolean> {
  try {
    await table.deleteEntity(PARTITION, rowKey, { etag });
    return true;
  } catch (error) {
    if (LOST.includes(statusOf(error) ?? 0)) return false;
    throw error;
  }
}

function deleteRow(rowKey: string): TransactionAction {
  return ["delete", { partitionKey: PARTITION, rowKey }];
}
