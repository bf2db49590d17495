import { CorruptRecordError } from "../../errors.ts";
import { isObject } from "../../plain-object.ts";
import { parseRecord, type RequestRecord } from "../../record/record.ts";

/** A text property of a table entity holds 32 Ki UTF-16 characters. */
const CHUNK_CHARACTERS = 32_000;

/** The property of a URL in rows of schema version 1, in which a record had one operation. */
const FIRST_VERSION_URL = "operationUrl";

/**
 * A record as properties of a table entity: its JSON, cut into as many as it takes. The URLs of
 * operations are signed; each stands in a property of its own, so that nothing else of the table holds
 * a secret.
 */
export function toProperties(record: RequestRecord): Record<string, string | number> {
  const outputs = record.outputs.map((output) => ({
    ...output,
    operation: output.operation && { ...output.operation, url: null },
  }));
  const json = JSON.stringify({ ...record, outputs });
  const chunks = cut(json).map((chunk, index) => [`json${index}`, chunk]);
  const urls = record.outputs.flatMap(({ operation }, index) =>
    operation?.url ? [[urlKey(index), operation.url]] : [],
  );
  return {
    ...Object.fromEntries(chunks),
    chunks: chunks.length,
    state: record.state,
    source: record.source.name.slice(0, 1024).toWellFormed(),
    ...Object.fromEntries(urls),
  };
}

/**
 * The record that an entity holds, of today's schema or of an earlier one.
 * @throws CorruptRecordError when it is not one that this app writes.
 */
export function fromProperties(entity: Readonly<Record<string, unknown>>): RequestRecord {
  const { rowKey, chunks } = entity;
  const json = Array.from(
    { length: Number(chunks) || 0 },
    (_, index) => entity[`json${index}`],
  ).join("");
  try {
    const value: unknown = JSON.parse(json);
    const isFirst = isObject(value) && value.schemaVersion === 1;
    const record = parseRecord(value);
    const outputs = record.outputs.map((output, index) => {
      const url = entity[isFirst ? FIRST_VERSION_URL : urlKey(index)];
      if (output.operation === null || typeof url !== "string") return output;
      return { ...output, operation: { ...output.operation, url } };
    });
    return { ...record, outputs };
  } catch (error) {
    throw new CorruptRecordError(`the record ${String(rowKey)} cannot be read`, { cause: error });
  }
}

/** A text in parts that a property holds, never cut within a surrogate pair: half of it is not text. */
function cut(text: string): readonly string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = from + CHUNK_CHARACTERS;
    const isWithinPair = (text.codePointAt(end - 1) ?? 0) > 0xffff && end < text.length;
    const to = isWithinPair ? end - 1 : end;
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}

function urlKey(index: number): string {
  return `operationUrl${index}`;
}
