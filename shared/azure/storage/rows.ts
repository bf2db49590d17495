import { odata, type TableClient } from "@azure/data-tables";
import { PARTITION } from "./row-keys.ts";

/** From a row key up to but without another one. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

/** The row keys in a range, in order. */
export async function listKeys(table: TableClient, range: KeyRange): Promise<readonly string[]> {
  const rows = await listRows(table, range, ["RowKey", "rowKey"]);
  return rows.map(({ rowKey }) => String(rowKey));
}

/** The rows in a range, in order of their keys, with the selected properties. */
export async function listRows(
  table: TableClient,
  range: KeyRange,
  select: string[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const filter = odata`PartitionKey eq ${PARTITION} and RowKey ge ${range.from} and RowKey lt ${range.to}`;
  const entities = table.listEntities<Record<string, unknown>>({
    queryOptions: { filter, select },
  });
  const rows: Record<string, unknown>[] = [];
  for await (const page of entities.byPage({ maxPageSize: range.limit })) {
    rows.push(...page);
    if (rows.length >= range.limit) break;
  }
  return rows.slice(0, range.limit);
}
