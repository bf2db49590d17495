const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A number of bytes in the largest unit of which there is at least one. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1))} ${UNITS[power]}`;
}

/** A name for people: control characters, which a file's name may have, are replaced. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "?");
}
