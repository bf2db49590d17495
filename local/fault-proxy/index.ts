export { connectThrough } from "./connection.ts";
export {
  type PlannedFault,
  STORAGE_FAULTS,
  STORAGE_SERVICES,
  type StorageFault,
  type StorageFaults,
  type StorageService,
} from "./faults.ts";
export { type FaultProxy, type StorageExchange, startFaultProxy } from "./proxy.ts";
export { createRandom, type Random } from "./seeded-random.ts";
