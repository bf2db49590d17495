import { basename } from "node:path";
import { openFileSource } from "../../cli/upload/index.ts";
import type { DiskFinding } from "../../shared/disk/finding.ts";
import { nameFix } from "../../shared/disk/format/name-fix.ts";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { UsageError } from "../usage-error.ts";
import type { DemoRequest, DemoUpload } from "./plan.ts";
import { formatBytes } from "./progress-bar.ts";

export type OwnVhdOptions = {
  readonly path: string;
  /** Null for what the disk itself shows. */
  readonly osType: string | null;
  readonly generation: string | null;
};

/** The user's own VHD in the demo: its request, its upload, and what it was found to be. */
export type OwnVhd = {
  readonly request: DemoRequest;
  readonly upload: DemoUpload;
  /** One line for people. */
  readonly summary: string;
};

/** Azure would refuse the disk, so it is not uploaded. */
export class OwnVhdRefusedError extends Error {
  override readonly name = "OwnVhdRefusedError";
}

/**
 * Inspects a VHD of the user and plans its upload under the name of its file, or a similar one if the
 * demo's samples have that name already.
 *
 * @param taken names of blobs and images in the demo, in any case
 * @throws {CommandError} if the file cannot be read.
 * @throws {OwnVhdRefusedError} if Azure would refuse the disk.
 * @throws {UsageError} if the disk does not show its operating system and the options do not name it.
 */
export async function planOwnVhd(
  options: OwnVhdOptions,
  taken: ReadonlySet<string>,
): Promise<OwnVhd> {
  const { path, osType, generation } = options;
  const finding = await inspectFile(path);
  if (finding.problem !== null) {
    const { message, fix } = finding.problem;
    throw new OwnVhdRefusedError(
      `Azure would refuse ${path}: it ${message}.\n${nameFix(fix, path)}`,
    );
  }
  if (osType === null && finding.osType === null) {
    throw new UsageError(
      `${path} does not show its operating system: add --os-type Linux or --os-type Windows.`,
    );
  }
  const blob = `${chooseName(basename(path), taken)}.vhd`;
  const metadata = {
    osstate: "Generalized",
    ...(osType !== null && { ostype: osType }),
    ...(generation !== null && { hypervgeneration: generation }),
  };
  return {
    request: { source: blob, title: "your VHD", expected: "succeeded" },
    upload: {
      blob,
      content: { kind: "vhd", open: () => openFileSource(path, path, blob), metadata },
    },
    summary: summarize(path, blob, finding, options),
  };
}

async function inspectFile(path: string): Promise<DiskFinding> {
  const { input, close } = await openFileSource(path, path, basename(path));
  try {
    return await inspectDisk(input.reader, { role: "os" });
  } finally {
    await close();
  }
}

/** Longest name that leaves room for a prefix and stays an image name. */
const MAX_NAME = 70;
/** A name like `web.lun0` would make the disk a data disk of `web`. */
const DATA_DISK = /\.lun(\d{1,2})$/i;

/** Returns a file's name, without its extension, as the name of an image that nobody else has here. */
export function chooseName(file: string, taken: ReadonlySet<string>): string {
  const lower = new Set(
    [...taken].map((name) => name.toLowerCase().replace(/\.(vhdx?|json)$/, "")),
  );
  const text = file
    .replace(/\.vhd$/i, "")
    .replace(DATA_DISK, "-lun$1")
    .replace(/[^\w.-]/g, "-")
    .slice(0, MAX_NAME);
  const stem = trimEnds(text);
  const base = stem === "" ? "disk" : stem;
  for (let number = 0; ; number++) {
    const name = number === 0 ? base : `my-${base}${number === 1 ? "" : `-${number}`}`;
    if (!lower.has(name.toLowerCase())) return name;
  }
}

/** Leaves out what an image name cannot begin or end with. */
function trimEnds(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && !/[A-Za-z0-9]/.test(text.charAt(start))) start += 1;
  while (end > start && !/\w/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function summarize(
  path: string,
  blob: string,
  finding: DiskFinding,
  { osType, generation }: OwnVhdOptions,
): string {
  const facts = [
    finding.format,
    ...(finding.virtualSize === null ? [] : [formatBytes(finding.virtualSize)]),
    osType ?? finding.osType,
    generation ?? finding.hyperVGeneration ?? "generation unknown",
  ];
  const renamed = basename(path) === blob ? "" : `, uploaded as ${blob}`;
  return `${path}: ${facts.join(", ")}${renamed}`;
}
