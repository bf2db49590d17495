/** Characters that no POSIX shell gives a meaning, in a word that does not begin with a dash. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./][A-Za-z0-9_@%+=:,./-]*$/;

/** A text as one word of a POSIX shell's command line. */
export function quoteForShell(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A text as one word of PowerShell's command line. */
export function quoteForPowerShell(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, (quote) => quote + quote)}'`;
}

/**
 * A file's name as an argument that no tool takes for an option, or for a protocol as qemu-img does
 * with what precedes a colon.
 */
export function fileArgument(name: string): string {
  return name.startsWith("-") || (name.includes(":") && !name.startsWith("/")) ? `./${name}` : name;
}
