import { readGptHeader } from "./gpt.ts";

/** Where a GPT for sectors of 4096 bytes has its header; on a VHD, nobody looks there. */
const HEADER_OFFSET = 4096;

/** Whether a GPT for sectors of 4096 bytes stands in these first bytes of a disk. */
export function hasLargeSectorGpt(head: Uint8Array): boolean {
  const header = readGptHeader(head.subarray(HEADER_OFFSET, HEADER_OFFSET + 512));
  return header !== null && header.ownSector === 1;
}
