import type { TableClient } from "@azure/data-tables";
import type { RecordStore } from "../../ports.ts";
import { etagOf, getEntity } from "./entities.ts";
import { statusOf } from "./http-status.ts";
import { noteKey, PARTITION } from "./row-keys.ts";

/** Statuses of the table service that say that somebody else was faster. */
const LOST = [404, 409, 412];

/** The notes of a record store: one row each. */
export function createNotes(
  table: TableClient,
): Pick<RecordStore, "getNote" | "putNote" | "swapNote"> {
  return {
    async getNote(key) {
      const entity = await getEntity(table, noteKey(key));
      return entity === null ? null : String(entity.value);
    },

    async putNote(key, value) {
      await table.upsertEntity({ partitionKey: PARTITION, rowKey: noteKey(key), value }, "Replace");
    },

    async swapNote(key, from, to) {
      const row = { partitionKey: PARTITION, rowKey: noteKey(key), value: to };
      const present = from === null ? null : await getEntity(table, row.rowKey);
      if (from !== null && present?.value !== from) return false;
      try {
        if (present === null) await table.createEntity(row);
        else await table.updateEntity(row, "Replace", { etag: etagOf(present.etag) });
        return true;
      } catch (error) {
        if (LOST.includes(statusOf(error) ?? 0)) return false;
        throw error;
      }
    },
  };
}
