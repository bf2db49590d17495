import { createCipheriv } from "node:crypto";
import { encodeUuid } from "./guid.ts";
import type { PartitionContent } from "./partition-content.ts";
import { MIB } from "./units.ts";

/** Clear of every structure that the file systems here place at their start. */
const PAYLOAD_OFFSET = 32 * MIB;

/**
 * Returns the content with `lengthBytes` of file data added: incompressible, the same for the same
 * seed, so that an upload has something to carry.
 */
export function withPayload(content: PartitionContent, lengthBytes: number): PartitionContent {
  if (lengthBytes === 0) return content;
  return (space) => {
    const keystream = createCipheriv("aes-128-ctr", encodeUuid(space.seed), Buffer.alloc(16));
    const bytes = keystream.update(Buffer.alloc(lengthBytes));
    return [...content(space), { offset: PAYLOAD_OFFSET, bytes }];
  };
}
