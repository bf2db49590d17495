/**
 * The uploader, for what is not the command: the local world, the benchmarks and the tests. Everything
 * in this repository that uploads a disk reads, splits, checks and sends it by this code.
 */
export type { ByteRange } from "./byte-ranges.ts";
export { type FileSource, type OpenSource, openFileSource } from "./file-source.ts";
export { doneBytes } from "./progress.ts";
export { sendBlocks } from "./send-blocks.ts";
export { sendPages } from "./send-pages.ts";
export {
  CONTENT_TYPE,
  createMeter,
  type DiskContent,
  type TransferOptions,
  type TransferProgress,
  type TransferSource,
} from "./transfer.ts";
export { countUnread, writePages } from "./write-pages.ts";
