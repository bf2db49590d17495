import { basename, resolve } from "node:path";
import type { DiskRole } from "../../shared/disk/finding.ts";
import { diskFileOf } from "../../shared/disk/format/disk-files.ts";
import { findNameProblem } from "../../shared/image/blob-name.ts";
import { baseName, IMAGE_NAME, keepsRule, proposeImageName } from "../../shared/image/names.ts";
import { decodeManifest } from "../../shared/manifest/decode.ts";
import { parseVhdName } from "../../shared/metadata/vhd-name.ts";
import { CommandError } from "../command-error.ts";
import { checkManifest, readManifestFile } from "./check-manifest.ts";
import type { ImageOptions, UploadOptions } from "./upload-options.ts";
import { writeManifest } from "./write-manifest.ts";

/** A disk to upload. */
export interface PlannedDisk {
  /** Absolute. */
  readonly path: string;
  /** As typed. */
  readonly shown: string;
  readonly blob: string;
  readonly role: DiskRole;
  /** Metadata that describe the image; null when a manifest does. */
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** What is uploaded for one request: its disks, and then the manifest if it has one. */
export interface PlannedRequest {
  readonly disks: readonly PlannedDisk[];
  readonly manifest: { readonly blob: string; readonly text: string } | null;
}

/**
 * Arranges files into requests: one for each file; one for a file and its data disks, with a manifest
 * that is made here; or one for all files, with the manifest of the user.
 * @param folder where relative paths start
 * @throws CommandError for options that exclude each other, a name that no blob can have, or a manifest
 * that the app would refuse.
 */
export async function planUpload(
  files: readonly string[],
  options: UploadOptions,
  folder: string,
): Promise<readonly PlannedRequest[]> {
  const { data, manifest } = options;
  if (manifest !== undefined) {
    refuseOptions(options);
    const text = await readText(resolve(folder, manifest), manifest);
    const blob = withExtension(basename(manifest), ".json");
    const named = checkManifest(
      text,
      manifest,
      blob,
      files.map((file) => basename(file)),
    );
    const disks = files.map((file) => {
      const { name, role } = named(basename(file));
      return planDisk(folder, file, name, role, null);
    });
    requireDifferent(disks);
    return [{ disks, manifest: { blob, text } }];
  }
  const nameOf = (file: string): string => blobNameOf(file, options.convertHere === true);
  const isMany = files.length > 1;
  if (isMany && (data.length > 0 || options.name !== undefined || options.gallery !== undefined)) {
    throw new CommandError(
      "usage",
      "--data, --gallery and --name are for one image; upload one FILE with them, or write a manifest and add --manifest.",
    );
  }
  if (data.length === 0 && options.gallery === undefined) {
    const requests = files.map((file) => {
      const disk = planDisk(folder, file, nameOf(file), "os", metadataOf(options));
      requireImageName(file, parseVhdName(disk.blob)?.stem, options);
      return { disks: [disk], manifest: null };
    });
    requireDifferent(requests.flatMap(({ disks }) => disks));
    return requests;
  }
  const [file = ""] = files;
  const os = planDisk(folder, file, nameOf(file), "os", null);
  const dataDisks = data.map(({ lun, path }) => ({
    lun,
    disk: planDisk(folder, path, nameOf(path), "data", null),
  }));
  const disks = [...dataDisks.map(({ disk }) => disk), os];
  requireDifferent(disks);
  const blob = `${os.blob.replace(/\.[^./]+$/, "")}.json`;
  requireImageName(file, baseName(blob), options);
  const luns = dataDisks.map(({ lun, disk }) => ({ lun, blob: disk.blob }));
  return [{ disks, manifest: { blob, text: writeManifest(os.blob, luns, options) } }];
}

function planDisk(
  folder: string,
  shown: string,
  blob: string,
  role: DiskRole,
  metadata: PlannedDisk["metadata"],
): PlannedDisk {
  const problem = findNameProblem(blob);
  if (problem !== null) {
    throw new CommandError(
      "usage",
      `${shown} cannot be uploaded under its name: ${problem}. Rename the file.`,
    );
  }
  return { path: resolve(folder, shown), shown, blob, role, metadata };
}

/**
 * The blob of a disk. Azure makes images from blobs named `*.vhd` only; what the app converts keeps its
 * name.
 */
function blobNameOf(file: string, convertHere: boolean): string {
  const name = basename(file);
  if (!convertHere) {
    return diskFileOf(name)?.isConvertible ? name : withExtension(name, ".vhd");
  }
  const unpacked = name.replace(/(?<=.)\.(?:gz|xz|zst)$/i, "");
  const extension = diskFileOf(unpacked)?.extension ?? "";
  return withExtension(unpacked.slice(0, unpacked.length - extension.length), ".vhd");
}

function withExtension(name: string, extension: string): string {
  return name.toLowerCase().endsWith(extension) ? name : `${name}${extension}`;
}

/** What the app reads from the metadata of a disk without a manifest. */
function metadataOf(options: ImageOptions): Readonly<Record<string, string>> {
  const { name, resourceGroup, location, osType, osState, generation } = options;
  const entries = {
    imagename: name,
    resourcegroup: resourceGroup,
    location,
    ostype: osType,
    osstate: osState,
    hypervgeneration: generation,
  };
  const given = Object.entries(entries).filter(([, value]) => value !== undefined);
  const text = given.find(([, value]) => !/^[\x20-\x7e]+$/.test(value ?? ""));
  if (text !== undefined) {
    throw new CommandError("usage", `The ${text[0]} may hold ASCII characters only.`);
  }
  return Object.fromEntries(given) as Record<string, string>;
}

function refuseOptions(options: UploadOptions): void {
  const { data, ...image } = options;
  const keys = [
    "name",
    "resourceGroup",
    "location",
    "osType",
    "osState",
    "generation",
    "gallery",
  ] as const;
  const given = keys.find((key) => image[key] !== undefined);
  if (data.length === 0 && given === undefined) return;
  const flag = data.length > 0 ? "data" : given?.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
  throw new CommandError(
    "usage",
    `--${flag} cannot be used with --manifest: the manifest says it.`,
  );
}

/**
 * Refuses a name that the app would refuse once everything is uploaded.
 * @param derived what the image is called where no option names it
 */
function requireImageName(
  shown: string,
  derived: string | undefined,
  { gallery, name = gallery ? undefined : derived }: UploadOptions,
): void {
  if (name === undefined || keepsRule(name, IMAGE_NAME)) return;
  throw new CommandError(
    "usage",
    `${shown} cannot become the image ${JSON.stringify(name)}: the name of an image has ${IMAGE_NAME.expected}. Upload the FILE alone and name its image, for example: --name ${proposeImageName(name)}`,
  );
}

function requireDifferent(disks: readonly PlannedDisk[]): void {
  const names = disks.map(({ blob }) => blob.toLowerCase());
  const twice = disks.find((_, index) => names.indexOf(names[index] ?? "") !== index);
  if (twice === undefined) return;
  throw new CommandError(
    "usage",
    `Two files would become the blob ${twice.blob}. Rename one of them.`,
  );
}

/** The text of a manifest, whatever Unicode it is written in. */
async function readText(path: string, shown: string): Promise<string> {
  const decoded = decodeManifest(await readManifestFile(path, shown));
  if (decoded.text !== null) return decoded.text;
  const { line, column, message } = decoded.problem;
  throw new CommandError("refused", `${shown}:${line}:${column}: ${message}`);
}
