import type { ConversionView, DiskView, StatusView } from "../../shared/http/status-view.ts";
import { findImageVersion, renderRegions } from "./image-version.ts";
import { formatBytes } from "./progress-bar.ts";

/** What a request waits for, how far it is or how it ended, in a few words; both may be empty. */
export type Detail = {
  readonly text: string;
  /** The same for a narrow terminal. */
  readonly brief: string;
};

/** Returns what a request waits for, how far it is, or how it ended. */
export function describe(status: StatusView): Detail {
  if (status.error !== null) return same(status.error.code);
  if (status.state === "converting") return describeConversion(status);
  if (status.retrying !== null) return same(describeRetry(status.retrying));
  if (status.state === "waiting") return same(describeWait(status));
  if (status.state === "creating") return describeCreation(status);
  return same("");
}

/** Returns the first disk that a request still waits for. */
export function findAwaitedDisk({ disks }: StatusView): DiskView | undefined {
  return disks.find(({ state }) => state !== "complete" && state !== "external");
}

/** Returns the first conversion of a request that is not done, else its last one. */
export function findConversion({ disks }: StatusView): ConversionView | undefined {
  const conversions = disks.flatMap(({ conversion }) => conversion ?? []);
  return conversions.find(({ percent }) => percent < 100) ?? conversions.at(-1);
}

function describeRetry({ code }: { readonly code: string }): string {
  return `retrying after ${code}`;
}

function describeWait(status: StatusView): string {
  const disk = findAwaitedDisk(status);
  if (disk === undefined) return "";
  const reason = disk.detail ?? disk.state;
  const name = disk.blob ?? disk.resource ?? disk.role;
  return reason.includes(name) ? reason : `${name}: ${reason}`;
}

function describeConversion(status: StatusView): Detail {
  const conversion = findConversion(status);
  if (conversion === undefined) return same("");
  const { bytesDone, bytesTotal, percent } = conversion;
  const total = formatBytes(bytesTotal);
  const retry = status.retrying === null ? "" : `, ${describeRetry(status.retrying)}`;
  return {
    text: `${percent} %, ${formatBytes(bytesDone)} of ${total}${retry}`,
    brief: `${percent} % of ${total}`,
  };
}

function describeCreation(status: StatusView): Detail {
  const version = findImageVersion(status);
  if (version === undefined) return same("Azure is building the image");
  if (version.regions.length === 0) return same("Azure is building the image version");
  return {
    text: renderRegions(version),
    brief: version.regions.map(({ progress }) => `${progress} %`).join(", "),
  };
}

function same(text: string): Detail {
  return { text, brief: text };
}
