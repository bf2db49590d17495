import type { TableClient, TransactionAction } from "@azure/data-tables";
import { RecordConflictError } from "../../errors.ts";
import type { RecordPage, RecordQuery, RecordStore, StoredRecord } from "../../ports.ts";
import { startPage } from "../../record/page.ts";
import type { RequestRecord } from "../../record/record.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { etagOf, getEntity } from "./entities.ts";
import { statusOf } from "./http-status.ts";
import { createNotes } from "./notes.ts";
import { fromProperties, toProperties } from "./record-entity.ts";
import { createRemoval } from "./removal.ts";
import {
  afterPrefix,
  claimPrefix,
  DUE_PREFIX,
  diskNameKey,
  diskNamePrefix,
  dueKey,
  indexKeys,
  indexPrefix,
  PARTITION,
  recordKey,
  requestIdOfKey,
} from "./row-keys.ts";
import { listKeys, listRows } from "./rows.ts";
import { createVersionClaims } from "./version-claims.ts";

/** Index rows read for one page at most, so that a rare combination of filters stays cheap. */
const MAX_SCANNED = 500;
const RECORDS_AT_ONCE = 25;
const MAX_CLAIMS = 100;
const MAX_DISK_NAMES = 100;

/** Records in one table of Table storage. */
export function createRecordStore(table: TableClient): RecordStore {
  return {
    async create(record) {
      try {
        await table.submitTransaction([
          [
            "create",
            {
              partitionKey: PARTITION,
              rowKey: recordKey(record.requestId),
              ...toProperties(record),
            },
          ],
          ...indexKeys(record).map(putRow),
        ]);
        return true;
      } catch (error) {
        if (statusOf(error) === 409) return false;
        throw error;
      }
    },

    get: (requestId) => getRecord(table, requestId),

    async save(record, base) {
      const before = new Set(indexKeys(base.record));
      const after = new Set(indexKeys(record));
      const entity = {
        partitionKey: PARTITION,
        rowKey: recordKey(record.requestId),
        ...toProperties(record),
      };
      try {
        const answer = await table.submitTransaction([
          ["update", entity, "Replace", { etag: base.etag }],
          ...[...after].filter((key) => !before.has(key)).map(putRow),
          ...[...before].filter((key) => !after.has(key)).map(deleteRow),
        ]);
        return etagOf(answer.subResponses[0]?.etag);
      } catch (error) {
        // 404: an index row is gone, which only another save can have done.
        if ([404, 409, 412].includes(statusOf(error) ?? 0)) {
          throw new RecordConflictError(
            `request ${record.requestId} was saved by another invocation in the meantime`,
            {
              cause: error,
            },
          );
        }
        throw error;
      }
    },

    list: (query) => listRecords(table, query),

    async listDue(before, limit) {
      const keys = await listKeys(table, { from: DUE_PREFIX, to: dueKey(before), limit });
      return keys.map(requestIdOfKey);
    },

    async putClaim({ blob, requestId }) {
      const rowKey = `${claimPrefix(blob)}${requestId}`;
      await table.upsertEntity({ partitionKey: PARTITION, rowKey, blob: blob.name }, "Replace");
    },

    async listClaims(blob) {
      const prefix = claimPrefix(blob);
      const keys = await listKeys(table, {
        from: prefix,
        to: afterPrefix(prefix),
        limit: MAX_CLAIMS,
      });
      return keys.map(requestIdOfKey);
    },

    async putDiskName(blob, family) {
      const rowKey = diskNameKey(blob, family);
      await table.upsertEntity({ partitionKey: PARTITION, rowKey, blob: blob.name }, "Replace");
    },

    async listDiskNames(container, family) {
      const prefix = diskNamePrefix(container, family);
      const range = { from: prefix, to: afterPrefix(prefix), limit: MAX_DISK_NAMES };
      const rows = await listRows(table, range, ["RowKey", "rowKey", "blob"]);
      return rows.map(({ blob }) => String(blob));
    },

    ...createNotes(table),
    ...createVersionClaims(table),
    ...createRemoval(table),
  };
}

async function getRecord(table: TableClient, requestId: string): Promise<StoredRecord | null> {
  const entity = await getEntity(table, recordKey(requestId));
  return entity && { record: fromProperties(entity), etag: etagOf(entity.etag) };
}

async function listRecords(table: TableClient, query: RecordQuery): Promise<RecordPage> {
  const prefix = indexPrefix(query);
  const page = startPage();
  let from = query.cursor === undefined ? prefix : readCursor(query.cursor, query);
  for (let scanned = 0; scanned < MAX_SCANNED && page.records.length < query.limit; ) {
    // Few at a time: the largest records take 1 MiB each.
    const limit = Math.min(RECORDS_AT_ONCE, query.limit - page.records.length);
    const keys = await listKeys(table, { from, to: afterPrefix(prefix), limit });
    const found = await Promise.all(keys.map((key) => getRecord(table, requestIdOfKey(key))));
    for (const [index, key] of keys.entries()) {
      const record = found[index]?.record;
      const isAsked = record !== undefined && matches(record, query);
      if (isAsked && !page.add(record)) {
        return { records: page.records, nextCursor: writeCursor(from, query) };
      }
      // The least key behind the last one seen: a space sorts before anything in a row key.
      from = `${key} `;
    }
    if (keys.length < limit) return { records: page.records, nextCursor: null };
    scanned += keys.length;
  }
  return { records: page.records, nextCursor: writeCursor(from, query) };
}

function matches(record: RequestRecord, query: RecordQuery): boolean {
  return (
    (query.state === undefined || record.state === query.state) &&
    (query.source === undefined || record.source.name === query.source) &&
    (query.image === undefined || record.image?.name.toLowerCase() === query.image.toLowerCase())
  );
}

function putRow(rowKey: string): TransactionAction {
  return ["upsert", { partitionKey: PARTITION, rowKey }, "Replace"];
}

function deleteRow(rowKey: string): TransactionAction {
  return ["delete", { partitionKey: PARTITION, rowKey }];
}
