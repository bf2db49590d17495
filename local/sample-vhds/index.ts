export { buildDisk, type DiskIdentity, type DiskPlan } from "./disk.ts";
export { buildDynamicVhd } from "./dynamic.ts";
export { buildFixedVhd } from "./fixed.ts";
export { buildFooter, FOOTER_BYTES } from "./footer.ts";
export { buildQcow2 } from "./qcow2.ts";
export {
  buildSampleVhd,
  buildSampleVhdx,
  SAMPLE_NAMES,
  type SampleName,
  type SampleOptions,
} from "./samples.ts";
export { writeSparseFile } from "./sparse-file.ts";
export {
  createSparseImage,
  type Extent,
  ExtentError,
  listUsedBlocks,
  readImage,
  type SparseImage,
} from "./sparse-image.ts";
export { GIB, KIB, MIB, SECTOR_BYTES } from "./units.ts";
