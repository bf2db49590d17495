import type { DiskRole } from "../../shared/disk/finding.ts";
import { createBlobLocator } from "../../shared/image/blob-uri.ts";
import { decodeManifest } from "../../shared/manifest/decode.ts";
import { formatPath } from "../../shared/manifest/problem.ts";
import { readManifest } from "../../shared/manifest/read-manifest.ts";
import { CommandError } from "../command-error.ts";
import { openRegularFile } from "../regular-file.ts";
import { printable } from "../terminal.ts";

/** A manifest that is longer is a mistake; the app's own limit is lower. */
const MAX_MANIFEST_BYTES = 1024 * 1024;
const MAX_SHOWN = 20;

/** What the app's settings may give is not known here, and is not a mistake of the manifest. */
const DEFAULTS = {
  subscriptionId: "00000000-0000-0000-0000-000000000000",
  resourceGroup: "set-by-the-app",
  location: "westeurope",
  osType: null,
  osState: "Generalized",
  hyperVGeneration: "V1",
} as const;
const CONTAINER = "uploads";
const LOCATOR = createBlobLocator("https://account.blob.core.windows.net", CONTAINER);

/** A mistake of a manifest, and its place. */
export interface Mistake {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/**
 * The mistakes that the app would find in a manifest without its settings.
 * @param blob the name that it would have
 */
export function reviewManifest(
  bytes: Uint8Array,
  blob: string,
): { readonly mistakes: readonly Mistake[]; readonly warnings: readonly string[] } {
  const decoded = decodeManifest(bytes);
  const reading =
    decoded.text === null
      ? { ok: false as const, problems: [decoded.problem] }
      : readManifest(decoded.text, { name: blob, defaults: DEFAULTS, locator: LOCATOR });
  if (reading.ok) return { mistakes: [], warnings: reading.warnings };
  const mistakes = reading.problems.map(({ line, column, path, message }) => ({
    line,
    column,
    path: formatPath(path),
    message: printable(message),
  }));
  return { mistakes, warnings: [] };
}

/** The bytes of a manifest; no more is read than one may have. */
export async function readManifestFile(path: string, shown: string): Promise<Uint8Array> {
  const file = await openRegularFile(path, shown);
  try {
    const { size } = await file.stat();
    if (size > MAX_MANIFEST_BYTES) {
      throw new CommandError("refused", `${shown} is too large for a manifest (${size} bytes).`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** A disk as a manifest names it. */
export interface NamedDisk {
  readonly name: string;
  readonly role: DiskRole;
}

/**
 * Checks a manifest as the app does, before anything is uploaded.
 * @param shown its path as typed
 * @param blob the name that it will have
 * @param files names of the files that are uploaded with it
 * @returns how the manifest names each of the files
 * @throws CommandError with every mistake and its place, or when it does not name one of the files.
 */
export function checkManifest(
  text: string,
  shown: string,
  blob: string,
  files: readonly string[],
): (file: string) => NamedDisk {
  const reading = readManifest(text, { name: blob, defaults: DEFAULTS, locator: LOCATOR });
  if (!reading.ok) {
    const { problems } = reading;
    const lines = problems
      .slice(0, MAX_SHOWN)
      .map(({ line, column, path, message }) =>
        printable(`${shown}:${line}:${column}: ${formatPath(path)}: ${message}`),
      );
    const more = problems.length > MAX_SHOWN ? [`… and ${problems.length - MAX_SHOWN} more`] : [];
    throw new CommandError("refused", [...lines, ...more].join("\n"));
  }
  const { osDisk, dataDisks } = reading.request;
  const disks = [
    ...(osDisk === undefined ? [] : [{ role: "os" as const, source: osDisk.source }]),
    ...dataDisks.map(({ source }) => ({ role: "data" as const, source })),
  ].flatMap(({ role, source }) =>
    source.kind === "blob" ? [{ role, name: source.ref.name }] : [],
  );
  const find = (file: string): NamedDisk => {
    const found =
      disks.find(({ name }) => name === file) ??
      disks.find(({ name }) => name.endsWith(`/${file}`));
    if (found !== undefined) return found;
    const names = disks.map(({ name }) => name).join(", ") || "no blobs of this account";
    throw new CommandError(
      "usage",
      `${shown} does not name ${file}; it names ${printable(names)}.`,
    );
  };
  for (const file of files) find(file);
  return find;
}
