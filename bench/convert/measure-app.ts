import { stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BlobServiceClient } from "@azure/storage-blob";
import { openFileSource } from "../../cli/upload/index.ts";
import { putPageBlob } from "../../local/disk-upload/index.ts";
import { FOOTER_BYTES } from "../../local/sample-vhds/index.ts";
import type { FrontCounts } from "../../local/storage-front/control.ts";
import type { World } from "../../local/world/index.ts";
import type { StatusView } from "../../shared/http/status-view.ts";
import { isTerminal } from "../../shared/record/states.ts";
import { downloadPages } from "./download-pages.ts";
import { qemuImg, type SampleFormat } from "./sample-disk.ts";
import { readMemory, watchMemory } from "./watch-memory.ts";

const METADATA = { ostype: "Linux", osstate: "Generalized" };
const LOOK_MILLISECONDS = 100;
const DEADLINE_MILLISECONDS = 90_000;

/** What a conversion by the built app took. */
export interface AppCosts {
  readonly name: string;
  readonly isCompressed: boolean;
  /** Length of the file that was uploaded. */
  readonly fileBytes: number;
  /** Bytes of the disk that are not zero by the file's tables. */
  readonly dataBytes: number;
  /** Put Page From URL and Put Page. */
  readonly calls: number;
  /** Bytes of the disk that the app wrote itself, without the footer. */
  readonly passedBytes: number;
  /** Most resident memory of the app's process during the conversion, above that before the upload. */
  readonly memoryGrowthBytes: number;
  /** Of the upload of the file as it is, and of the state `converting`. */
  readonly uploadSeconds: number;
  readonly convertSeconds: number;
  /** Whether qemu-img finds the converted disk equal to the original. */
  readonly isEqual: boolean;
}

/** What the other way took: `qemu-img convert` to a fixed VHD, and its upload without its zeros. */
export interface LocalCosts {
  readonly convertSeconds: number;
  readonly uploadSeconds: number;
}

/** The parts of a measurement. */
export interface Measurement {
  readonly world: World;
  readonly folder: string;
  /** The original disk. */
  readonly disk: string;
}

/** Uploads a disk in a format as a block blob, and has the app convert it. */
export async function measureApp(
  format: SampleFormat,
  { world, folder, disk }: Measurement,
): Promise<AppCosts> {
  const file = join(folder, format.file);
  await qemuImg("convert", "-f", "raw", ...format.options, disk, file);
  const service = BlobServiceClient.fromConnectionString(world.connectionString);
  const blob = service.getContainerClient("uploads").getBlockBlobClient(format.file);
  const before = await readCounts(world);
  const memoryBefore = await readMemory(world.hostPid);
  const memory = watchMemory(world.hostPid);
  const uploadSeconds = await timed(() => blob.uploadFile(file, { metadata: METADATA }));
  const status = await waitForEnd(format.file, world);
  const memoryAfter = await memory.stop();
  const after = await readCounts(world);
  const conversion = status.disks[0]?.conversion;
  if (status.state !== "succeeded" || conversion === undefined) {
    throw new Error(`${format.file}: ${status.state} ${JSON.stringify(status.error)}`);
  }
  const [container = "", name = ""] = conversion.to.split("/");
  const converted = join(folder, "converted.vhd");
  await downloadPages(service.getContainerClient(container).getPageBlobClient(name), converted);
  return {
    name: format.name,
    isCompressed: format.isCompressed,
    fileBytes: (await stat(file)).size,
    dataBytes: conversion.bytesTotal,
    calls: after.copies - before.copies + after.writes - before.writes,
    passedBytes: after.writtenBytes - before.writtenBytes - FOOTER_BYTES,
    memoryGrowthBytes: memoryAfter - memoryBefore,
    uploadSeconds,
    convertSeconds: secondsIn("converting", status),
    isEqual: await areEqual(disk, converted),
  };
}

/** Converts by qemu-img, and uploads the result to the same storage. */
export async function measureLocal(
  format: SampleFormat,
  { world, folder }: Measurement,
): Promise<LocalCosts> {
  const vhd = join(folder, "local.vhd");
  const options = ["-O", "vpc", "-o", "subformat=fixed,force_size"];
  const convertSeconds = await timed(() =>
    qemuImg("convert", ...options, join(folder, format.file), vhd),
  );
  const container = BlobServiceClient.fromConnectionString(
    world.connectionString,
  ).getContainerClient("by-hand");
  await container.createIfNotExists();
  const name = `${format.file}.vhd`;
  const source = await openFileSource(vhd, vhd, name);
  const blob = container.getPageBlobClient(name);
  const uploadSeconds = await timed(() => putPageBlob(blob, source)).finally(source.close);
  return { convertSeconds, uploadSeconds };
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await action();
  return (performance.now() - startedAt) / 1000;
}

async function readCounts({ storage }: World): Promise<FrontCounts> {
  const answer = await fetch(`${new URL(storage.blob).origin}/_front/counts`);
  return (await answer.json()) as FrontCounts;
}

async function waitForEnd(source: string, { functions }: World): Promise<StatusView> {
  const deadline = performance.now() + DEADLINE_MILLISECONDS;
  while (performance.now() < deadline) {
    const answer = await fetch(`${functions.url}/api/status?source=${source}`, {
      headers: { "x-functions-key": functions.key },
    });
    const { items } = (await answer.json()) as { items: readonly StatusView[] };
    const [status] = items;
    if (status !== undefined && isTerminal(status.state)) return status;
    await sleep(LOOK_MILLISECONDS);
  }
  throw new Error(`${source} did not end within ${DEADLINE_MILLISECONDS / 1000} s`);
}

/** From the event that entered a state to the next one of another state. */
function secondsIn(state: string, { events }: StatusView): number {
  const at = events.findIndex((event) => event.state === state);
  const next = events.slice(at).find((event) => event.state !== state);
  return (Date.parse(next?.at ?? "") - Date.parse(events[at]?.at ?? "")) / 1000;
}

async function areEqual(disk: string, vhd: string): Promise<boolean> {
  await truncate(vhd, (await stat(vhd)).size - FOOTER_BYTES);
  const compared = await qemuImg("compare", "-f", "raw", "-F", "raw", disk, vhd).catch(() => "");
  return compared.includes("Images are identical");
}
