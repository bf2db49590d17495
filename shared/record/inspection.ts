import * as z from "zod";
import type { DiskFinding } from "../disk/finding.ts";
import { ARCHITECTURES, GENERATIONS, OS_TYPES } from "../vocabulary.ts";

const confidence = z.enum(["high", "medium", "low"]);
const certaintySchema = z.object({ confidence, reason: z.string() });

/** What was found on a disk, as the record keeps it. */
export const inspectionSchema = z.object({
  format: z.string(),
  /** Bytes; null where the header of the format does not give it. */
  virtualSize: z.number().nullable(),
  partitionTable: z.enum(["gpt", "mbr", "none"]),
  partitions: z
    .array(
      z.object({
        type: z.string(),
        /** Bytes. */
        size: z.number(),
        fileSystem: z.string().nullable(),
        label: z.string().optional(),
      }),
    )
    .readonly(),
  osType: z.enum(OS_TYPES).nullable(),
  hyperVGeneration: z.enum([...GENERATIONS, "both"]).nullable(),
  architecture: z.enum(ARCHITECTURES).nullable(),
  confidence,
  reasons: z.array(z.string()).readonly(),
  /** How sure each of the two is that an image takes from its OS disk. */
  certainty: z.object({ osType: certaintySchema, hyperVGeneration: certaintySchema }),
  /** What it certainly cannot be; absent in records of before this was kept. */
  excluded: z
    .object({
      osType: z.array(z.enum(OS_TYPES)).readonly(),
      hyperVGeneration: z.array(z.enum(GENERATIONS)).readonly(),
    })
    .optional(),
});
export type Inspection = z.infer<typeof inspectionSchema>;

/** As many as a GPT name has. A Btrfs label may have 256; there may be 16 partitions on 65 disks. */
const MAX_LABEL_CHARACTERS = 36;

/** A finding without what is said elsewhere: its warnings and its problem. */
export function toInspection(finding: DiskFinding): Inspection {
  const { format, virtualSize, partitionTable, partitions, osType, hyperVGeneration } = finding;
  const { architecture, confidence: overall, reasons, certainty, excluded } = finding;
  return {
    format,
    virtualSize,
    partitionTable,
    partitions: partitions.map(({ label, ...partition }) => ({
      ...partition,
      ...(label !== undefined && { label: cutLabel(label) }),
    })),
    osType,
    hyperVGeneration,
    architecture,
    confidence: overall,
    reasons,
    certainty,
    excluded,
  };
}

/** Between characters, never within one that is a surrogate pair: half of it is not text. */
function cutLabel(label: string): string {
  return Array.from(label).slice(0, MAX_LABEL_CHARACTERS).join("");
}
