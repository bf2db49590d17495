import type { DiskRole } from "../../shared/disk/finding.ts";

/** What to do with a disk; paths are absolute. */
export type ConvertCommand = {
  readonly source: string;
  /** The source as typed, for messages; its path unless given. */
  readonly shown?: string;
  readonly role: DiskRole;
} & (
  | { readonly kind: "check" }
  | { readonly kind: "convert"; readonly target: string; readonly overwrite: boolean }
);
