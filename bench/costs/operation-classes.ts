import type { StorageService } from "../../local/fault-proxy/index.ts";

/**
 * Kinds of storage operations that have a price of their own.
 *
 * Blobs: https://learn.microsoft.com/azure/storage/blobs/map-rest-apis-transaction-categories, column
 * "Standard general purpose v2". Queues: the two classes of the price list,
 * https://azure.microsoft.com/pricing/details/storage/queues/. Tables: a batch is one operation, see
 * https://azure.microsoft.com/pricing/details/storage/tables/.
 */
export const OPERATION_CLASSES = [
  "blobRead",
  "blobWrite",
  "blobList",
  "blobOther",
  "blobFree",
  "queueClass1",
  "queueClass2",
  "tableRead",
  "tableQuery",
  "tableWrite",
  "tableBatch",
] as const;
export type OperationClass = (typeof OPERATION_CLASSES)[number];

/** A request to storage, as far as its price depends on it. */
export interface StorageRequest {
  readonly service: StorageService;
  readonly method: string;
  /** Path and query as sent to an emulator: the path begins with the account's name. */
  readonly path: string;
}

/** What a request to storage is billed as. */
export function classifyOperation({ service, method, path }: StorageRequest): OperationClass {
  const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
  const [, , ...names] = pathname.split("/");
  const resource = names.join("/");
  switch (service) {
    case "blob":
      return classifyBlob(method, resource, searchParams);
    case "queue":
      return classifyQueue(method, resource, searchParams);
    case "table":
      return classifyTable(method, resource);
  }
}

/** `comp` of blob writes that cost as little as a look at properties. */
const CHEAP_CHANGES: readonly string[] = ["metadata", "properties", "lease", "tags", "snapshot"];

function classifyBlob(method: string, resource: string, query: URLSearchParams): OperationClass {
  const comp = query.get("comp");
  const isContainer = query.get("restype") === "container" || !resource.includes("/");
  if (method === "DELETE") return "blobFree";
  if (comp === "list") return "blobList";
  if (method === "GET") return comp === null && !isContainer ? "blobRead" : "blobOther";
  if (method === "HEAD") return "blobOther";
  if (isContainer) return comp === null ? "blobList" : "blobOther"; // to create counts as to list
  return comp !== null && CHEAP_CHANGES.includes(comp) ? "blobOther" : "blobWrite";
}

/** Class 2 are the looks; to delete is class 1. */
function classifyQueue(method: string, resource: string, query: URLSearchParams): OperationClass {
  const isRead = method === "GET" || method === "HEAD";
  const isListOfQueues = resource === "" && query.get("comp") === "list";
  return isRead && !isListOfQueues ? "queueClass2" : "queueClass1";
}

/** An entity by its keys is `Table(PartitionKey='…',RowKey='…')`; a query is `Table()`. */
function classifyTable(method: string, resource: string): OperationClass {
  if (resource === "$batch") return "tableBatch";
  if (method !== "GET") return "tableWrite";
  return /\(PartitionKey=/.test(decodeURIComponent(resource)) ? "tableRead" : "tableQuery";
}
