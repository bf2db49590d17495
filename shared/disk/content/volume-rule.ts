import type { OsType } from "../../vocabulary.ts";
import type { VolumeView } from "./volume-view.ts";

/** Whose volume it is: Azure runs systems of the first two families, and counts a BSD as Linux. */
export type VolumeSystem = OsType | "BSD" | "macOS" | "VMware";

/** How a file system or a volume is recognised. */
export interface VolumeRule {
  readonly name: string;
  /** The family of systems that uses it, null for what all of them read. */
  readonly system: VolumeSystem | null;
  /**
   * Whether it is there, by its mark and fields that must make sense. False
   * where that was not read.
   */
  readonly matches: (view: VolumeView) => boolean;
  /** Whether its checksum is right: one that is not loses against every other mark. */
  readonly isIntact?: (view: VolumeView) => boolean;
  /** Bytes that it says it has; it cannot be mounted in a volume that is smaller. */
  readonly size?: (view: VolumeView) => number;
  /** Of a volume that holds others: bytes from its start that are for what is inside. */
  readonly room?: (view: VolumeView) => number;
  readonly refineName?: (view: VolumeView) => string;
  readonly label?: (view: VolumeView) => string | null;
}
