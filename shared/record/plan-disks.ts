import type { BlobRef, DiskSource, ImageDraft } from "../image/image-request.ts";
import type { DiskProgress } from "./record.ts";

/** The disks of a request before any of them was checked. */
export function planDisks(request: ImageDraft): readonly DiskProgress[] {
  const { sourceVirtualMachine, osDisk, dataDisks } = request;
  return [
    ...(sourceVirtualMachine ? [externalDisk("vm", null, sourceVirtualMachine)] : []),
    ...(osDisk ? [planDisk("os", null, osDisk.source)] : []),
    ...dataDisks.map((disk) => planDisk("data", disk.lun, disk.source)),
  ];
}

function planDisk(role: "os" | "data", lun: number | null, source: DiskSource): DiskProgress {
  switch (source.kind) {
    case "blob":
      return waitingDisk(role, lun, source.ref);
    case "externalBlob":
      return externalDisk(role, lun, source.uri);
    case "snapshot":
    case "managedDisk":
      return externalDisk(role, lun, source.id);
  }
}

/** A disk from a blob of the own account that has not been checked yet. */
export function waitingDisk(
  role: "os" | "data",
  lun: number | null,
  { container, name }: BlobRef,
): DiskProgress {
  return {
    role,
    lun,
    ref: { container, name },
    external: null,
    state: "missing",
    detail: "not checked yet",
    ...UNSEEN,
  };
}

function externalDisk(role: DiskProgress["role"], lun: number | null, id: string): DiskProgress {
  return { role, lun, ref: null, external: id, state: "external", detail: null, ...UNSEEN };
}

const UNSEEN = { observed: null, inspection: null, conversion: null, warnings: [] } as const;

/** What the request still waits for, in one sentence; null for nothing. */
export function describeWaiting(disks: readonly DiskProgress[]): string | null {
  const waiting = disks.filter((disk) => disk.state !== "complete" && disk.state !== "external");
  if (waiting.length === 0) return null;
  return waiting
    .map((disk) => `${disk.ref?.name}: ${disk.state}${disk.detail ? ` (${disk.detail})` : ""}`)
    .join("; ");
}
