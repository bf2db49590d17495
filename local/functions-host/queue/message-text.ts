const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export type MessageEncoding = "base64" | "none";

/** Returns the text of a message body, or undefined when it is not valid in `encoding`. */
export function decodeMessage(text: string, encoding: MessageEncoding): string | undefined {
  if (encoding === "none") return text;
  return BASE64.test(text) ? Buffer.from(text, "base64").toString("utf8") : undefined;
}

/** Returns the message body for `content`. Bytes are always base64 when the queue is. */
export function encodeMessage(content: string | Uint8Array, encoding: MessageEncoding): string {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : Buffer.from(content);
  return bytes.toString(encoding === "base64" ? "base64" : "utf8");
}
