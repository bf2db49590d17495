export {
  COPY_FAULTS,
  type CopyFault,
  type CopyFaultSwitch,
  type CopyFaults,
  type PlannedCopyFault,
} from "./faults.ts";
export { type StorageFront, type StorageFrontOptions, startStorageFront } from "./front.ts";
