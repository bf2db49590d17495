/** What must never be shown, and what stands in its place. */
const SECRETS: readonly { readonly pattern: RegExp; readonly replacement: string }[] = [
  { pattern: /([?&](?:sig|se|sp|sv|sr|st|code|t|c|s|h)=)[^&\s"'\\]+/gi, replacement: "$1REDACTED" },
  { pattern: /(AccountKey=)[^;\s"'\\]+/gi, replacement: "$1REDACTED" },
  { pattern: /(SharedAccessSignature=)[^;\s"'\\]+/gi, replacement: "$1REDACTED" },
  { pattern: /(Bearer\s+)[\w.~+/=-]+/gi, replacement: "$1REDACTED" },
  { pattern: /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, replacement: "REDACTED" },
];

/** A text without signatures, keys and tokens. */
export function redact(text: string): string {
  return SECRETS.reduce(
    (current, { pattern, replacement }) => current.replace(pattern, replacement),
    text,
  );
}
