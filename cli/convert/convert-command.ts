import type { DiskRole } from "../../shared/disk/finding.ts";

/** What to do with a disk; paths are absolute. */
export type ConvertCommand =
  | { readonly kind: "check"; readonly source: string; readonly role: DiskRole }
  | {
      readonly kind: "convert";
      readonly source: string;
      readonly target: string;
      readonly role: DiskRole;
      readonly overwrite: boolean;
    };
