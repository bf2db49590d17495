import type { Command } from "commander";
import {
  GENERATIONS,
  type Generation,
  OS_STATES,
  OS_TYPES,
  type OsState,
  type OsType,
} from "../../shared/vocabulary.ts";
import type { AppOptions } from "../app/app-access.ts";
import type { OutputOptions } from "../command-context.ts";
import { CommandError } from "../command-error.ts";

/** What an image is to be, as far as the command line says it. */
export interface ImageOptions {
  readonly name?: string;
  readonly resourceGroup?: string;
  readonly location?: string;
  readonly osType?: OsType;
  readonly osState?: OsState;
  readonly generation?: Generation;
  readonly gallery?: GalleryOption;
}

/** Where an image version is published: `--gallery images/ubuntu/1.auto`. */
export interface GalleryOption {
  /** The app's default where absent. */
  readonly name?: string;
  readonly definition: string;
  readonly version?: string;
}

/** A data disk: `--data 1=logs.vhd`. */
export interface DataOption {
  readonly lun: number;
  readonly path: string;
}

export interface UploadOptions extends AppOptions, OutputOptions, ImageOptions {
  readonly data: readonly DataOption[];
  readonly manifest?: string;
  readonly container?: string;
  readonly concurrency: number;
  readonly wait: boolean;
  readonly timeout?: number;
  readonly dryRun?: true;
  readonly overwrite?: true;
  readonly convertHere?: true;
}

const MAX_LUN = 63;
const MAX_CONCURRENCY = 64;

/** Adds the options that are the upload's own. */
export function addUploadOptions(command: Command): Command {
  const word = <W extends string>(flag: string, what: string, words: readonly W[]) =>
    command
      .createOption(flag, what)
      .choices(words)
      .argParser((text) => readWord(flag.split(" ")[0] ?? flag, text, words));
  return command
    .option("--data <LUN=FILE>", "a data disk of the image; repeatable", readData)
    .option("--manifest <FILE>", "a manifest that names the disks; it is uploaded last")
    .option("--name <NAME>", "name of the image; that of the file unless given")
    .option("--resource-group <NAME>", "resource group of the image; the app's unless given")
    .option("--location <REGION>", "region of the image; the app's unless given")
    .addOption(
      word("--os-type <TYPE>", "operating system, where the disk does not show it", OS_TYPES),
    )
    .addOption(word("--os-state <STATE>", "whether the system is generalized", OS_STATES))
    .addOption(
      word(
        "--generation <GEN>",
        "Hyper-V generation, where the disk does not show it",
        GENERATIONS,
      ),
    )
    .option(
      "--gallery <PATH>",
      "publish an image version: DEFINITION, GALLERY/DEFINITION or GALLERY/DEFINITION/VERSION",
      readGallery,
    )
    .option("--convert-here", "convert the disk, also a packed one, while it is sent")
    .option("--container <NAME>", "container of the uploads (VHD_TO_IMAGE_CONTAINER, else uploads)")
    .option("--concurrency <N>", "requests at the same time, 1 to 64", readConcurrency, 8)
    .option("--overwrite", "replace blobs that exist")
    .option("--dry-run", "check the disks and show what would be uploaded; send nothing")
    .option("--no-wait", "end after the upload; do not follow the request")
    .option("--timeout <SECONDS>", "stop following after so long, with exit code 4", readSeconds);
}

function readData(text: string, before: readonly DataOption[] = []): readonly DataOption[] {
  const [, number = "", path = ""] = /^(\d{1,2})=(.+)$/s.exec(text) ?? [];
  const lun = Number(number);
  if (path === "" || lun > MAX_LUN) {
    throw new CommandError(
      "usage",
      `--data must be LUN=FILE with a LUN from 0 to ${MAX_LUN}, not ${JSON.stringify(text)}. Example: --data 1=logs.vhd`,
    );
  }
  if (before.some((disk) => disk.lun === lun)) {
    throw new CommandError("usage", `--data names LUN ${lun} twice.`);
  }
  return [...before, { lun, path }];
}

const GALLERY_PATH =
  /^(?:(?<name>[\w.]{1,80})\/)?(?<definition>[\w.-]{1,80})$|^(?<gallery>[\w.]{1,80})\/(?<image>[\w.-]{1,80})\/(?<version>[\w.]{1,32})$/;

function readGallery(text: string): GalleryOption {
  const { name, definition, gallery, image, version } = GALLERY_PATH.exec(text)?.groups ?? {};
  if (definition !== undefined) return { ...(name && { name }), definition };
  if (gallery && image && version) return { name: gallery, definition: image, version };
  throw new CommandError(
    "usage",
    `--gallery must be DEFINITION, GALLERY/DEFINITION or GALLERY/DEFINITION/VERSION, not ${JSON.stringify(text)}. Example: --gallery images/ubuntu/1.auto`,
  );
}

function readWord<W extends string>(flag: string, text: string, words: readonly W[]): W {
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw new CommandError(
    "usage",
    `${flag} must be ${words.join(" or ")}, not ${JSON.stringify(text)}.`,
  );
}

function readConcurrency(text: string): number {
  const count = Number(text);
  if (/^\d{1,2}$/.test(text) && count >= 1 && count <= MAX_CONCURRENCY) return count;
  throw new CommandError(
    "usage",
    `--concurrency must be from 1 to ${MAX_CONCURRENCY}, not ${JSON.stringify(text)}.`,
  );
}

function readSeconds(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new CommandError(
    "usage",
    `--timeout must be a whole number of seconds, not ${JSON.stringify(text)}.`,
  );
}
