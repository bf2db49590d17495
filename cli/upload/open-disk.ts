import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nameFix } from "../../shared/disk/format/name-fix.ts";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { buildFixedFooter, deriveUuid } from "../../shared/disk/maps/build-footer.ts";
import { readAsFixedVhd } from "../../shared/disk/maps/map-reader.ts";
import { openDiskMap } from "../../shared/disk/maps/open-disk-map.ts";
import { RefusedDiskError } from "../../shared/disk/maps/refusal.ts";
import { unpackBlock } from "../../shared/unpack.ts";
import { GENERATIONS } from "../../shared/vocabulary.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { type InputFile, openInput } from "../convert/open-input.ts";
import { startProgress } from "../convert/progress.ts";
import { temporaryName } from "../convert/replace-file.ts";
import { findWrapper, unwrapTo } from "../convert/unwrap.ts";
import { explainDiskError, refuseDisk } from "./disk-error.ts";
import { type FileSource, openFileSource } from "./file-source.ts";
import type { TransferSource } from "./transfer.ts";
import type { PlannedDisk } from "./upload-plan.ts";

/** A disk of which an image can be made, ready to be sent. */
export interface OpenDisk extends TransferSource {
  readonly disk: PlannedDisk;
  /** As page blob; as block blob, which the app converts; as page blob, converted on the way. */
  readonly form: "pages" | "blocks" | "converted";
  readonly warnings: readonly string[];
  readonly close: () => Promise<void>;
}

/** What is sent, and what was found on the disk. */
type Content = Pick<OpenDisk, "form" | "reader" | "sizeBytes" | "warnings">;

/**
 * Opens a disk and inspects it. What the file holds decides how it is sent, not its name.
 * @throws CommandError when it cannot be read, or no image can be made of it.
 */
export async function openDisk(
  disk: PlannedDisk,
  convertHere: boolean,
  context: CommandContext,
): Promise<OpenDisk> {
  const { shown, path, metadata, blob } = disk;
  const source = await openFileSource(path, shown, blob);
  const opened = [source.close];
  const close = async (): Promise<void> => {
    for (const end of opened.toReversed()) await end();
  };
  try {
    const input = await unwrap(source);
    const content = await findContent(input, source, disk, convertHere);
    return {
      ...source,
      ...content,
      reader: {
        read: (offset, count) =>
          content.reader.read(offset, count).catch((error: unknown) => {
            throw explainDiskError(shown, error);
          }),
      },
      disk,
      metadata,
      close,
    };
  } catch (error) {
    await close();
    throw explainDiskError(shown, error);
  }

  /** The file, or what is packed in it, in a temporary file. */
  async function unwrap({ input: original }: FileSource): Promise<InputFile> {
    const wrapper = await findWrapper(original);
    if (wrapper === null) return original;
    if (!convertHere) {
      throw new CommandError(
        "refused",
        `${shown} is packed by ${wrapper}, which the app does not unpack, so nothing was uploaded. To unpack and convert it on the way, add --convert-here.`,
      );
    }
    const temporary = temporaryName(join(tmpdir(), "disk"), "unpacked");
    opened.push(() => rm(temporary, { force: true }));
    const { stderr, now, signal } = context;
    const progress = startProgress("unpacking", original.reader.length, stderr, now);
    await unwrapTo(original, temporary, progress.update, signal).finally(progress.end);
    const input = await openInput(temporary);
    opened.push(input.close);
    return input;
  }
}

async function findContent(
  { reader }: InputFile,
  { input: original }: FileSource,
  { shown, blob, role, metadata }: PlannedDisk,
  convertHere: boolean,
): Promise<Content> {
  const generation = GENERATIONS.find((known) => known === metadata?.hypervgeneration);
  const options = { role, ...(generation !== undefined && { generation }) };
  const isVhdName = blob.toLowerCase().endsWith(".vhd");
  const { problem, warnings } = await inspectDisk(reader, options);
  if (problem === null && isVhdName) {
    return { form: "pages", reader, sizeBytes: reader.length, warnings };
  }
  if (problem === null) {
    throw new CommandError(
      "usage",
      `${shown} is a fixed VHD, but its name does not end with .vhd. Rename the file.`,
    );
  }
  const found = await openDiskMap(reader);
  const isOtherFile = found.kind === "refused" || found.map.format === "raw";
  // A VHD that was cut off has no footer either: by its name, it is not taken for a raw disk.
  if (isOtherFile && shown.toLowerCase().endsWith(".vhd")) {
    throw refuseDisk(shown, problem.message, nameFix(problem.fix, shown));
  }
  if (found.kind === "refused") throw new RefusedDiskError(found.refusal);
  const { map } = found;
  await map.survey();
  const uuid = await deriveUuid(original.version);
  const footer = buildFixedFooter({
    diskBytes: map.paddedBytes,
    uuid,
    createdAt: original.modifiedAt,
  });
  const result = readAsFixedVhd(map, reader, unpackBlock, footer);
  const finding = await inspectDisk(result, options);
  if (finding.problem !== null) {
    const { message, fix } = finding.problem;
    throw refuseDisk(shown, message, nameFix(fix, shown));
  }
  return convertHere
    ? { form: "converted", reader: result, sizeBytes: result.length, warnings: finding.warnings }
    : { form: "blocks", reader, sizeBytes: reader.length, warnings: finding.warnings };
}
