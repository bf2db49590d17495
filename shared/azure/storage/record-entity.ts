import { CorruptRecordError } from "../../errors.ts";
import { type RequestRecord, requestRecordSchema } from "../../record/record.ts";

/** A text property of a table entity holds 32 Ki UTF-16 characters. */
const CHUNK_CHARACTERS = 32_000;

/**
 * A record as properties of a table entity: its JSON, cut into as many as it takes. The URL of the
 * operation is signed; it stands in a property of its own, so that nothing else of the table holds a
 * secret.
 */
export function toProperties(record: RequestRecord): Record<string, string | number> {
  const { operation } = record;
  const json = JSON.stringify({ ...record, operation: operation && { ...operation, url: null } });
  const count = Math.ceil(json.length / CHUNK_CHARACTERS);
  const chunks = Array.from({ length: count }, (_, index) => [
    `json${index}`,
    json.slice(index * CHUNK_CHARACTERS, (index + 1) * CHUNK_CHARACTERS),
  ]);
  return {
    ...Object.fromEntries(chunks),
    chunks: count,
    state: record.state,
    source: record.source.name.slice(0, 1024),
    ...(operation?.url && { operationUrl: operation.url }),
  };
}

/**
 * The record that an entity holds.
 * @throws CorruptRecordError when it is not one that this app writes.
 */
export function fromProperties(entity: Readonly<Record<string, unknown>>): RequestRecord {
  const { rowKey, chunks, operationUrl } = entity;
  const json = Array.from(
    { length: Number(chunks) || 0 },
    (_, index) => entity[`json${index}`],
  ).join("");
  try {
    const record = requestRecordSchema.parse(JSON.parse(json));
    if (record.operation === null || typeof operationUrl !== "string") return record;
    return { ...record, operation: { ...record.operation, url: operationUrl } };
  } catch (error) {
    throw new CorruptRecordError(`the record ${String(rowKey)} cannot be read`, { cause: error });
  }
}
