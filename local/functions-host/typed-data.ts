import type { TypedData } from "./core-types.ts";

/** Returns `value` as a string on the wire. */
export function toStringData(value: string): TypedData {
  return { string: value };
}

/** Returns `value` as JSON on the wire. */
export function toJsonData(value: unknown): TypedData {
  return { json: JSON.stringify(value) };
}

/** Returns the bytes of an HTTP body that came over the wire. */
export function toBodyBytes(data: TypedData | null | undefined): Buffer {
  if (data?.bytes !== undefined) return Buffer.from(data.bytes);
  return Buffer.from(toText(data) ?? "");
}

/** Returns the text of a scalar or JSON value on the wire, or undefined when nothing was sent. */
export function toText(data: TypedData | null | undefined): string | undefined {
  if (data?.bytes !== undefined) return Buffer.from(data.bytes).toString("utf8");
  return data?.string ?? data?.json ?? data?.int?.toString() ?? data?.double?.toString();
}
