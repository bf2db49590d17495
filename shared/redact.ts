/** What must never be shown, and what stands in its place. */
const SECRETS: readonly { readonly pattern: RegExp; readonly replacement: string }[] = [
  { pattern: /([?&](?:sig|se|sp|sv|sr|st|code)=)[^&\s"'\\]+/gi, replacement: "$1REDACTED" },
  // The signature of an operation's URL: names of one letter, which short values may have anywhere.
  { pattern: /([?&][csh]=)[^&\s"'\\]{20,}/gi, replacement: "$1REDACTED" },
  { pattern: /(AccountKey=)[^;\s"'\\]+/gi, replacement: "$1REDACTED" },
  { pattern: /(SharedAccessSignature=)[^;\s"'\\]+/gi, replacement: "$1REDACTED" },
  { pattern: /(Bearer\s+)[\w.~+/=-]+/gi, replacement: "$1REDACTED" },
  { pattern: /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, replacement: "REDACTED" },
  // An account key: 64 bytes in base64. A function key: base64url with the mark of its generator.
  { pattern: /(?<![\w+/-])[\w+/-]{86}==/g, replacement: "REDACTED" },
  { pattern: /(?<![\w-])[\w-]{30,}AzFu[\w-]*={0,2}/g, replacement: "REDACTED" },
];

/** A text without signatures, keys and tokens. */
export function redact(text: string): string {
  return SECRETS.reduce(
    (current, { pattern, replacement }) => current.replace(pattern, replacement),
    text,
  );
}

/** A value of plain data with every text in it redacted. */
export function redactDeep<T>(value: T): T {
  const redacted: unknown =
    typeof value === "string"
      ? redact(value)
      : Array.isArray(value)
        ? value.map(redactDeep)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item)]))
          : value;
  return redacted as T;
}
