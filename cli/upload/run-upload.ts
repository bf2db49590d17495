import { appFlags } from "../app/app-access.ts";
import type { AppClient } from "../app/app-client.ts";
import { openApp } from "../app/open-app.ts";
import { type CommandContext, wantsJson } from "../command-context.ts";
import { formatBytes } from "../convert/format.ts";
import type { ExitReason } from "../exit-codes.ts";
import { idsOf } from "../status/outputs.ts";
import { printStatus } from "../status/status-command.ts";
import { watchRequest } from "../status/watch-request.ts";
import { breakLines, printable } from "../terminal.ts";
import { type OpenDisk, openDisk } from "./open-disk.ts";
import { openContainer } from "./storage-access.ts";
import type { UploadOptions } from "./upload-options.ts";
import { type PlannedRequest, planUpload } from "./upload-plan.ts";
import { type UploadedRequest, uploadRequest } from "./upload-request.ts";

/** Everything that can be found wrong is found before the first byte is sent. */
export async function runUpload(
  files: readonly string[],
  options: UploadOptions,
  context: CommandContext,
): Promise<ExitReason> {
  const requests = await planUpload(files, options, context.folder);
  const open = await openAll(requests, options, context);
  try {
    if (options.dryRun === true) return printPlan(requests, open, options, context);
    const app = options.wait ? await openApp(options, context) : null;
    await app?.list({ limit: 1 }); // a wrong key is better known now than after the upload
    const container = await openContainer(options, context);
    const { concurrency, overwrite = false } = options;
    const uploaded: UploadedRequest[] = [];
    try {
      for (const [index, request] of requests.entries()) {
        const disks = open[index] ?? [];
        uploaded.push(
          await uploadRequest(container, request, disks, { overwrite, concurrency }, context),
        );
      }
    } catch (error) {
      if (context.signal.aborted) {
        context.stderr.write(
          `\nInterrupted. What was sent is kept, and no image is made of it. To resume, run the same command again:\n  ${context.commandLine}\n`,
        );
      }
      throw error;
    }
    if (app === null) return printUploaded(uploaded, options, context);
    return await follow(app, uploaded);
  } finally {
    for (const disk of open.flat()) await disk.close();
  }

  async function follow(app: AppClient, uploaded: readonly UploadedRequest[]): Promise<ExitReason> {
    const reasons: ExitReason[] = [];
    const results = [];
    const isJson = wantsJson(options);
    for (const request of uploaded) {
      const { requestId } = request;
      const { reason, status } = await watchRequest(app, requestId, options, context);
      reasons.push(reason);
      results.push({
        ...request,
        state: status?.state ?? null,
        ids: status ? idsOf(status) : [],
        status,
      });
      if (!isJson && status !== null) printStatus(status, options, context);
    }
    if (isJson) context.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
    return (
      reasons.find((reason) => reason === "refused") ??
      reasons.find((reason) => reason !== "success") ??
      "success"
    );
  }
}

/** What a disk becomes in storage. */
const FORMS: Readonly<Record<OpenDisk["form"], string>> = {
  pages: "page blob",
  blocks: "block blob, which the app converts",
  converted: "page blob, converted here",
};

async function openAll(
  requests: readonly PlannedRequest[],
  { convertHere }: UploadOptions,
  context: CommandContext,
): Promise<readonly (readonly OpenDisk[])[]> {
  const all: OpenDisk[][] = [];
  try {
    for (const { disks } of requests) {
      const open: OpenDisk[] = [];
      all.push(open);
      for (const disk of disks) {
        const opened = await openDisk(disk, convertHere === true, context);
        open.push(opened);
        for (const warning of opened.warnings) {
          const line = `warning: ${printable(`${disk.shown}: ${warning}`)}`;
          context.stderr.write(`${breakLines(line, context.stderr)}\n`);
        }
      }
    }
    return all;
  } catch (error) {
    for (const disk of all.flat()) await disk.close();
    throw error;
  }
}

function printPlan(
  requests: readonly PlannedRequest[],
  open: readonly (readonly OpenDisk[])[],
  options: UploadOptions,
  { stdout }: CommandContext,
): ExitReason {
  const plans = requests.map(({ manifest }, index) => ({
    disks: (open[index] ?? []).map(({ shown: file, sizeBytes, form, disk, warnings }) => ({
      file,
      form,
      blob: disk.blob,
      role: disk.role,
      sizeBytes,
      metadata: disk.metadata ?? {},
      warnings,
    })),
    manifest: manifest && { blob: manifest.blob, text: manifest.text },
  }));
  if (wantsJson(options)) {
    stdout.write(`${JSON.stringify(plans, null, 2)}\n`);
    return "success";
  }
  for (const { disks, manifest } of plans) {
    for (const { file, blob, role, form, sizeBytes } of disks) {
      const what = role === "os" ? "OS disk" : "data disk";
      const line = `${file} → ${blob} (${what}, ${FORMS[form]}, ${formatBytes(sizeBytes)})`;
      stdout.write(`${breakLines(printable(line), stdout)}\n`);
    }
    if (manifest !== null)
      stdout.write(`${printable(manifest.blob)}, last:\n${manifest.text.trimEnd()}\n`);
  }
  return "success";
}

function printUploaded(
  uploaded: readonly UploadedRequest[],
  options: UploadOptions,
  { stdout, stderr, name }: CommandContext,
): ExitReason {
  if (wantsJson(options)) {
    stdout.write(`${JSON.stringify(uploaded, null, 2)}\n`);
    return "success";
  }
  for (const { requestId } of uploaded) {
    stdout.write(`${requestId}\n`);
    stderr.write(`To follow it:\n  ${name} watch ${requestId}${appFlags(options)}\n`);
  }
  return "success";
}
