import { hasBytesAt, readLatin1, SECTOR_BYTES, toNumber, viewOf } from "../bytes.ts";
import type { LimitedReader } from "../disk-reader.ts";

/** Jumps at the start of GRUB's first stage, and where it then has the sector of its second. */
const FIRST_STAGES = [
  { name: "GRUB 2", jump: [0xeb, 0x63, 0x90], bytes: 8, offset: 0x5c },
  { name: "GRUB Legacy", jump: [0xeb, 0x48, 0x90], bytes: 4, offset: 0x44 },
] as const;
/** What the first sector of both second stages prints, or may have to. */
const CORE_MESSAGES = ["oading", "Geom", "Read"] as const;

/**
 * Whether the second stage is where the first one looks for it. `unnamed`: the first stage names no
 * sector, which no installer leaves so.
 */
export type GrubCore = "present" | "absent" | "unnamed" | "unknown";

/** The sector of which GRUB's first stage says that its core image begins there; null without it. */
export function findGrubCore(sector: Uint8Array): number | null {
  const stage = FIRST_STAGES.find(({ jump }) => hasBytesAt(sector, 0, jump));
  if (stage === undefined) return null;
  const view = viewOf(sector);
  return stage.bytes === 8
    ? toNumber(view.getBigUint64(stage.offset, true))
    : view.getUint32(stage.offset, true);
}

/** Whether a core image of GRUB begins with this sector. */
export function isGrubCore(sector: Uint8Array): boolean {
  const text = readLatin1(sector.subarray(0, SECTOR_BYTES));
  return CORE_MESSAGES.every((message) => text.includes(message));
}

/** Follows GRUB's first stage in sector 0 to the second: no read where that is near, one otherwise. */
export async function readGrubCore(reader: LimitedReader, sector: Uint8Array): Promise<GrubCore> {
  const place = findGrubCore(sector);
  if (place === null) return "unknown";
  if (place === 0) return "unnamed";
  const start = place * SECTOR_BYTES;
  if (!(start < reader.length)) return "absent";
  const core = await reader.read(start, SECTOR_BYTES);
  if (core === null) return "unknown";
  return isGrubCore(core) ? "present" : "absent";
}
