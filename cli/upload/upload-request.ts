import type { ContainerClient } from "@azure/storage-blob";
import { requestIdOf } from "../../shared/record/identity.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { formatBytes } from "../convert/format.ts";
import { breakLines, printable } from "../terminal.ts";
import type { OpenDisk } from "./open-disk.ts";
import { formatTime, startProgress } from "./progress.ts";
import { sendBlocks } from "./send-blocks.ts";
import { sendPages } from "./send-pages.ts";
import { existingBlobError, explainStorageError } from "./storage-error.ts";
import type { TransferProgress, TransferResult } from "./transfer.ts";
import type { PlannedRequest } from "./upload-plan.ts";

/** A disk that was uploaded. */
export interface UploadedDisk extends TransferProgress {
  readonly file: string;
  readonly blob: string;
  readonly sizeBytes: number;
}

/** A request whose uploads are complete. */
export interface UploadedRequest {
  readonly requestId: string;
  readonly disks: readonly UploadedDisk[];
  readonly manifest: string | null;
}

export interface SendOptions {
  readonly overwrite: boolean;
  readonly concurrency: number;
}

/**
 * Uploads the disks of a request, one after the other, and its manifest last.
 * @throws CommandError that says what to do.
 */
export async function uploadRequest(
  container: ContainerClient,
  { manifest }: PlannedRequest,
  disks: readonly OpenDisk[],
  options: SendOptions,
  context: CommandContext,
): Promise<UploadedRequest> {
  const uploaded: UploadedDisk[] = [];
  let last: TransferResult | undefined;
  for (const disk of disks) {
    last = await sendDisk(container, disk, options, context);
    const { sentBytes, zeroBytes, keptBytes } = last;
    const { shown: file, sizeBytes } = disk;
    uploaded.push({ file, blob: disk.disk.blob, sizeBytes, sentBytes, zeroBytes, keptBytes });
  }
  const { containerName } = container;
  if (manifest !== null) {
    const etag = await sendManifest(container, manifest, options, context);
    const requestId = requestIdOf({
      kind: "manifest",
      container: containerName,
      name: manifest.blob,
      etag,
    });
    return { requestId, disks: uploaded, manifest: manifest.blob };
  }
  const [disk] = uploaded;
  if (disk === undefined || last === undefined) throw new Error("a request without disks");
  const { createdOn } = last;
  const requestId = requestIdOf({
    kind: "vhd",
    container: containerName,
    name: disk.blob,
    createdOn,
  });
  return { requestId, disks: uploaded, manifest: null };
}

async function sendDisk(
  container: ContainerClient,
  disk: OpenDisk,
  options: SendOptions,
  { stderr, environment, now, signal }: CommandContext,
): Promise<TransferResult> {
  const { blob } = disk.disk;
  const startedAt = now();
  const progress = startProgress(disk.shown, disk.sizeBytes, stderr, environment, now);
  const transfer = { ...options, signal, onProgress: progress.update };
  const sending =
    disk.form === "blocks"
      ? sendBlocks(container.getBlockBlobClient(blob), disk, transfer)
      : sendPages(container.getPageBlobClient(blob), disk, transfer);
  const result = await sending
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw explainStorageError(`${disk.shown} cannot be uploaded`, error);
    })
    .finally(progress.end);
  const parts = [
    `${formatBytes(result.sentBytes)} sent`,
    ...(result.keptBytes > 0 ? [`${formatBytes(result.keptBytes)} uploaded before`] : []),
    ...(result.zeroBytes > 0 ? [`${formatBytes(result.zeroBytes)} of zeros skipped`] : []),
  ];
  const line = result.wasComplete
    ? `${disk.shown} was uploaded before`
    : `uploaded ${disk.shown}: ${parts.join(", ")}, ${formatTime((now() - startedAt) / 1000)}`;
  stderr.write(`${breakLines(printable(line), stderr)}\n`);
  return result;
}

/** Writes the manifest in one piece. Returns its ETag, which names the request. */
async function sendManifest(
  container: ContainerClient,
  { blob, text }: NonNullable<PlannedRequest["manifest"]>,
  { overwrite }: SendOptions,
  { stderr, signal }: CommandContext,
): Promise<string> {
  const client = container.getBlockBlobClient(blob);
  const bytes = Buffer.from(text);
  try {
    const { etag } = await client.upload(bytes, bytes.length, {
      abortSignal: signal,
      blobHTTPHeaders: { blobContentType: "application/json" },
      ...(!overwrite && { conditions: { ifNoneMatch: "*" } }),
    });
    stderr.write(`uploaded ${blob}\n`);
    if (etag === undefined)
      throw new CommandError("unreachable", "storage answered without an ETag.");
    return etag;
  } catch (error) {
    signal.throwIfAborted();
    const status = error instanceof Error && "statusCode" in error ? error.statusCode : null;
    if (status !== 409 && status !== 412)
      throw explainStorageError(`${blob} cannot be uploaded`, error);
    // Of an earlier run, when it is the same text: that run was ended before it could follow it.
    const same = await client.downloadToBuffer().then(
      (known) => known.equals(bytes),
      () => false,
    );
    const { etag } = same ? await client.getProperties() : {};
    if (etag === undefined) throw existingBlobError(blob, blob);
    stderr.write(`${blob} was uploaded before\n`);
    return etag;
  }
}
