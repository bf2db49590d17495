import { BOOT_SECTOR_RULES } from "./boot-sector-rules.ts";
import { MEMBER_RULES } from "./member-rules.ts";
import { SUPERBLOCK_RULES } from "./superblock-rules.ts";
import type { VolumeRule, VolumeSystem } from "./volume-rule.ts";
import type { VolumeView } from "./volume-view.ts";

/** What begins a partition, or a whole disk. */
export interface FileSystemReading {
  readonly name: string;
  /** The family of systems that uses it, null for what all of them read. */
  readonly system: VolumeSystem | null;
  readonly label: string | null;
  /** False where it is larger than its volume or damaged, or another mark is as good as this one. */
  readonly isSure: boolean;
}

/** Bytes of a partition that hold most marks: up to the superblock of Linux' RAID 1.2. */
export const HEAD_BYTES = 0x1200;

/** Which mark counts where several are there, and why. */
export const SIGNATURE_PRIORITY: readonly {
  readonly rules: readonly VolumeRule[];
  /** Whether another mark beside this one leaves no doubt. */
  readonly winsForSure: boolean;
  readonly why: string;
}[] = [
  {
    rules: MEMBER_RULES,
    winsForSure: true,
    why: "a volume that holds others: a file system beside its mark is what is inside, or left over",
  },
  {
    rules: BOOT_SECTOR_RULES,
    winsForSure: false,
    why: "formats whose superblock comes later clear the boot sector, so this one was written last",
  },
  {
    rules: SUPERBLOCK_RULES,
    winsForSure: false,
    why: "the first superblock that passes its own checks",
  },
];

/**
 * Recognises a volume by what was read of it; null when no mark is there. One that is larger than the
 * volume, or whose checksum is wrong, loses against one that is not.
 */
export function readFileSystem(view: VolumeView): FileSystemReading | null {
  const found = SIGNATURE_PRIORITY.flatMap(({ rules, winsForSure }) =>
    rules.filter(({ matches }) => matches(view)).map((rule) => ({ rule, winsForSure })),
  );
  const fits = ({ rule }: (typeof found)[number]): boolean =>
    (rule.size?.(view) ?? 0) <= view.size && (rule.isIntact?.(view) ?? true);
  const best = found.find(fits) ?? found[0];
  if (best === undefined) return null;
  const { name, system, refineName, label } = best.rule;
  const rivals = found.filter((other) => other !== best && fits(other));
  const room = best.rule.room?.(view) ?? Number.POSITIVE_INFINITY;
  // One that reaches over the superblock at a member's end is not inside of it: one of them is left over.
  const isContested = rivals.some(
    ({ rule }) => rule.system !== system && (!best.winsForSure || (rule.size?.(view) ?? 0) > room),
  );
  return {
    name: refineName?.(view) ?? name,
    system,
    label: label?.(view) ?? null,
    isSure: fits(best) && !isContested,
  };
}
