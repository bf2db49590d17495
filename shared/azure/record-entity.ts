import { CorruptRecordError } from "../errors.ts";
import { type RequestRecord, requestRecordSchema } from "../request/record.ts";

/** A text property of a table entity holds 32 Ki UTF-16 characters. */
const CHUNK_CHARACTERS = 32_000;

/**
 * A record as properties of a table entity: its JSON, cut into as many as it takes.
 */
export function toProperties(record: RequestRecord): Record<string, string | number> {
  const json = JSON.stringify(record);
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
  };
}

/**
 * The record that an entity holds.
 * @throws CorruptRecordError when it is not one that this app writes.
 */
export function fromProperties(entity: Readonly<Record<string, unknown>>): RequestRecord {
  const { rowKey, chunks } = entity;
  const json = Array.from(
    { length: Number(chunks) || 0 },
    (_, index) => entity[`json${index}`],
  ).join("");
  try {
    return requestRecordSchema.parse(JSON.parse(json));
  } catch (error) {
    throw new CorruptRecordError(`the record ${String(rowKey)} cannot be read`, { cause: error });
  }
}
