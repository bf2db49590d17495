import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DiskRole } from "../../shared/disk/finding.ts";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { buildFixedFooter, deriveUuid } from "../../shared/disk/maps/build-footer.ts";
import { readAsFixedVhd } from "../../shared/disk/maps/map-reader.ts";
import { openDiskMap } from "../../shared/disk/maps/open-disk-map.ts";
import { RefusedDiskError } from "../../shared/disk/maps/refusal.ts";
import { unpackBlock } from "../../shared/unpack.ts";
import type { ConvertCommand } from "./convert-command.ts";
import { ConvertError } from "./convert-error.ts";
import { formatBytes } from "./format.ts";
import { type InputFile, openInput } from "./open-input.ts";
import { type ProgressStream, startProgress } from "./progress.ts";
import { requireFree, temporaryName, writeWhole } from "./replace-file.ts";
import { type DiskFacts, renderFacts } from "./report.ts";
import { findWrapper, unwrapTo } from "./unwrap.ts";
import { writeFixedVhd } from "./write-vhd.ts";

/** What a run needs from outside. */
export interface ConvertTools {
  readonly out: { write(text: string): unknown };
  readonly progress: ProgressStream;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Checks or converts one disk. Returns the exit code: 0, or 1 when Azure would refuse the result.
 * @throws RefusedDiskError, UnpackError: the disk cannot be converted. CommandError, ConvertError,
 * DiskReadError: a file cannot be read or written.
 */
export async function runConvert(command: ConvertCommand, tools: ConvertTools): Promise<0 | 1> {
  if (command.kind === "convert") await requireFree(command.target, command.overwrite);
  const packed = await openInput(command.source, command.shown);
  try {
    const wrapper = await findWrapper(packed);
    if (wrapper === null) return await convertFile(packed, packed, null, command, tools);
    const beside = command.kind === "convert" ? command.target : join(tmpdir(), "disk");
    const path = temporaryName(beside, "unpacked");
    const progress = startProgress("unpacking", packed.reader.length, tools.progress, tools.now);
    try {
      await unwrapTo(packed, path, progress.update, tools.signal);
      progress.end();
      const input = await openInput(path);
      try {
        return await convertFile(input, packed, wrapper, command, tools);
      } finally {
        await input.close();
      }
    } finally {
      progress.end();
      await rm(path, { force: true });
    }
  } finally {
    await packed.close();
  }
}

async function convertFile(
  input: InputFile,
  original: InputFile,
  wrapper: string | null,
  command: ConvertCommand,
  tools: ConvertTools,
): Promise<0 | 1> {
  const opened = await openDiskMap(input.reader);
  if (opened.kind === "refused") throw new RefusedDiskError(opened.refusal);
  const { map, member } = opened;
  const survey = await map.survey();
  const uuid = await deriveUuid(original.version);
  const createdAt = original.modifiedAt;
  const footer = buildFixedFooter({ diskBytes: map.paddedBytes, uuid, createdAt });
  const finding = await inspect(command.role);
  const name = basename(command.source);
  const facts: DiskFacts = { name, wrapper, member, map, survey, finding };
  tools.out.write(renderFacts(facts));
  if (finding.problem !== null) return 1;
  if (command.kind === "check") return 0;

  const startedAt = tools.now();
  const totalBytes = survey.copyBytes + survey.unpackedBytes;
  const progress = startProgress("converting", totalBytes, tools.progress, tools.now);
  const { target, overwrite } = command;
  const written = await writeWhole(target, overwrite, async (file) => {
    const options = { onProgress: progress.update, signal: tools.signal };
    const bytes = await writeFixedVhd(map, input.reader, file, footer, options);
    if (await original.hasChanged()) {
      throw new ConvertError(`${original.path} changed during the conversion. Run it again.`);
    }
    return bytes;
  }).finally(progress.end);
  const seconds = ((tools.now() - startedAt) / 1000).toFixed(1);
  tools.out.write(`wrote ${target}: ${formatBytes(written)} on disk, ${seconds} s\n`);
  return 0;

  function inspect(role: DiskRole) {
    return inspectDisk(readAsFixedVhd(map, input.reader, unpackBlock, footer), { role });
  }
}
