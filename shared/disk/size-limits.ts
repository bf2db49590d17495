import type { Generation } from "../vocabulary.ts";
import { MIB } from "./bytes.ts";
import type { DiskProblem, DiskRole, PartitionTable } from "./finding.ts";

const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

/** What decides how large a disk may be. */
export interface SizeFacts {
  /** Bytes of the disk inside the VHD. */
  readonly virtualSize: number;
  readonly role: DiskRole;
  /** As requested, or as found; null when neither says. */
  readonly generation: Generation | null;
  readonly table: PartitionTable;
}

interface SizeLimit {
  readonly applies: (facts: SizeFacts) => boolean;
  /** Bytes. */
  readonly limit: number;
  /** What the limit is for, with its name for messages. */
  readonly what: string;
  readonly fix: string;
}

const SHRINK = "Shrink its partitions and the disk, and move what does not fit to data disks.";

/**
 * The smallest limit comes first.
 * OS disks: https://learn.microsoft.com/azure/virtual-machines/managed-disks-overview#os-disk (4,095 GiB;
 * 2 TiB where the disk has an MBR, which cannot address more, and for generation 1).
 * Page blobs: https://learn.microsoft.com/azure/storage/blobs/scalability-targets (8 TiB); a managed data
 * disk itself could have 32,767 GiB.
 */
export const SIZE_LIMITS: readonly SizeLimit[] = [
  {
    applies: ({ role, generation }) => role === "os" && generation === "V1",
    limit: 2 * TIB,
    what: "an OS disk of generation 1",
    fix: `${SHRINK} A disk with a GPT and UEFI may be larger: set hyperVGeneration to V2 if it has both.`,
  },
  {
    applies: ({ role, table }) => role === "os" && table === "mbr",
    limit: 2 * TIB,
    what: "an OS disk with an MBR",
    fix: `${SHRINK} A disk with a GPT and UEFI (generation 2) may be larger.`,
  },
  { applies: ({ role }) => role === "os", limit: 4095 * GIB, what: "an OS disk", fix: SHRINK },
  {
    applies: () => true,
    limit: 8 * TIB - MIB,
    what: "a VHD in a page blob, which including its footer is limited to 8 TiB,",
    fix: "Shrink the disk; larger managed disks cannot be created from a page blob.",
  },
];

/** Whether a disk is too large for what it is to be; null when it is not. */
export function findDiskSizeProblem(facts: SizeFacts): DiskProblem | null {
  const exceeded = SIZE_LIMITS.find(
    ({ applies, limit }) => applies(facts) && facts.virtualSize > limit,
  );
  if (exceeded === undefined) return null;
  const { what, limit, fix } = exceeded;
  return {
    code: "VHDSizeInvalid",
    message: `has a virtual size of ${facts.virtualSize} bytes (${(facts.virtualSize / GIB).toFixed(1)} GiB), but ${what} may have at most ${limit} bytes (${Math.floor(limit / GIB)} GiB)`,
    fix,
  };
}
