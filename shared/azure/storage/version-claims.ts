import type { TableClient, TransactionAction } from "@azure/data-tables";
import { formatVersionNumber, parseVersionNumber } from "../../image/version-number.ts";
import type { VersionClaims } from "../../version-claims.ts";
import { etagOf, getEntity } from "./entities.ts";
import { statusOf } from "./http-status.ts";
import {
  afterPrefix,
  ownVersionKey,
  PARTITION,
  versionKey,
  versionOfKey,
  versionSeriesPrefix,
} from "./row-keys.ts";
import { listKeys } from "./rows.ts";

/** Statuses of the table service that say that somebody else was faster. */
const LOST = [404, 409, 412];

/** The claims on numbers of versions: a row for each number, and one for each request that has one. */
export function createVersionClaims(table: TableClient): VersionClaims {
  return {
    async getClaimedVersion(definition, requestId) {
      const entity = await getEntity(table, ownVersionKey(definition, requestId));
      return entity === null ? null : parseVersionNumber(String(entity.value));
    },

    async getVersionHolder(definition, version) {
      const entity = await getEntity(table, versionKey(definition, version));
      return entity === null ? null : String(entity.value);
    },

    async findHighestClaim(definition, series) {
      const prefix = versionSeriesPrefix(definition, series);
      const range = { from: prefix, to: afterPrefix(prefix), limit: 1 };
      const [highest] = await listKeys(table, range);
      return highest === undefined ? null : versionOfKey(highest);
    },

    async claimVersion({ definition, version, requestId }, { holder, own }) {
      const rows = await Promise.all([
        prepareSwap(table, versionKey(definition, version), holder, requestId),
        prepareSwap(
          table,
          ownVersionKey(definition, requestId),
          own && formatVersionNumber(own),
          formatVersionNumber(version),
        ),
      ]);
      const [number, request] = rows;
      if (!number || !request) return false;
      try {
        await table.submitTransaction([number, request]);
        return true;
      } catch (error) {
        if (LOST.includes(statusOf(error) ?? 0)) return false;
        throw error;
      }
    },
  };
}

/** The change of a row from one value to another (null: no row); null when it has another one. */
async function prepareSwap(
  table: TableClient,
  rowKey: string,
  from: string | null,
  value: string,
): Promise<TransactionAction | null> {
  const row = { partitionKey: PARTITION, rowKey, value };
  if (from === null) return ["create", row];
  const present = await getEntity(table, rowKey);
  if (present?.value !== from) return null;
  return ["update", row, "Replace", { etag: etagOf(present.etag) }];
}
