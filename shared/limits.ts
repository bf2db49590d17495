/** How much of something is taken or kept. */
export interface Limit {
  /** What is limited, as the documents name it. */
  readonly what: string;
  readonly limit: number;
  readonly unit: "bytes" | "characters" | "levels" | "tokens" | "items" | "messages";
  /** Why this much and not more. */
  readonly why: string;
}

/**
 * Everything that comes in is bounded: what it may be, and what is kept of it. A length is checked
 * before anything else looks at the text. Characters are UTF-16 units. docs/limits.md shows this table.
 */
export const LIMITS = {
  manifestBytes: {
    what: "a manifest",
    limit: 256 * 1024,
    unit: "bytes",
    why: "it is read whole; a real one has a few KiB",
  },
  manifestDepth: {
    what: "objects and arrays within each other in a manifest",
    limit: 32,
    unit: "levels",
    why: "a manifest nests six deep; parsers of deeply nested text run out of stack",
  },
  manifestTokens: {
    what: "JSON tokens of a manifest",
    limit: 20_000,
    unit: "tokens",
    why: "a manifest with 64 disks and 50 tags has some 3,000",
  },
  blobName: {
    what: "a blob's name",
    limit: 1_024,
    unit: "characters",
    why: "the limit of the storage service",
  },
  metadata: {
    what: "a blob's metadata, names and values together",
    limit: 8 * 1024,
    unit: "bytes",
    why: "the limit of the storage service",
  },
  metadataEntries: {
    what: "entries of a blob's metadata",
    limit: 200,
    unit: "items",
    why: "50 tags and the keys that the app reads; each is a header of every answer",
  },
  imageName: {
    what: "the name of an image, a gallery or an image definition",
    limit: 80,
    unit: "characters",
    why: "the limit of Azure",
  },
  resourceGroup: {
    what: "the name of a resource group",
    limit: 90,
    unit: "characters",
    why: "the limit of Resource Manager",
  },
  subscriptionId: {
    what: "a subscription id",
    limit: 36,
    unit: "characters",
    why: "a GUID has as many",
  },
  region: {
    what: "the name of a region or an edge zone",
    limit: 90,
    unit: "characters",
    why: "the longest name of a region has less than 30",
  },
  tags: { what: "tags", limit: 50, unit: "items", why: "the limit of Resource Manager" },
  tagName: {
    what: "the name of a tag",
    limit: 512,
    unit: "characters",
    why: "the limit of Resource Manager",
  },
  tagValue: {
    what: "the value of a tag",
    limit: 256,
    unit: "characters",
    why: "the limit of Resource Manager",
  },
  record: {
    what: "what a request keeps, without what is found on its disks",
    limit: 256 * 1024,
    unit: "characters",
    why: "an entity of Table storage holds 1 MiB, at two bytes a character; half of it is kept for what is found on 65 disks",
  },
  savedRecord: {
    what: "what a request keeps in all",
    limit: 480 * 1024,
    unit: "characters",
    why: "an entity of Table storage holds 1 MiB, at two bytes a character; the rest is for the names of its properties and for the error of a step that fails",
  },
  events: {
    what: "`events` of an open request",
    limit: 100,
    unit: "items",
    why: "a request has five; one whose disks change between each check and the next has two more for every change",
  },
  operationUrl: {
    what: "the URL of an operation of the service",
    limit: 16_384,
    unit: "characters",
    why: "a property of an entity holds 32 Ki characters, and a real URL has less than 4,000; without it the app polls the output itself",
  },
  statusPage: {
    what: "requests on a page of the status list",
    limit: 100,
    unit: "items",
    why: "each may have tens of KiB",
  },
  statusPageBytes: {
    what: "requests on a page of the status list, as they are stored; one is always shown",
    limit: 4 * 1024 * 1024,
    unit: "bytes",
    why: "100 requests of the largest size would take 50 MiB of memory in each app instance; `nextCursor` leads to the rest",
  },
  queueMessage: {
    what: "a message of the status queue, before base64",
    limit: 48 * 1024 - 256,
    unit: "bytes",
    why: "the queue service takes 64 KiB in base64; texts are cut, and details left out, until the message fits",
  },
  manifestKey: {
    what: "a key of a manifest that is compared with the known ones",
    limit: 80,
    unit: "characters",
    why: "the longest known key has less than 40; a misspelt one is not twice as long",
  },
  blobUri: {
    what: "a `blobUri`",
    limit: 10_000,
    unit: "characters",
    why: "the longest blob name with every character percent-encoded (1,024 of 9), container and host",
  },
  resourceId: {
    what: "a resource id, before and after placeholders are filled in",
    limit: 1_024,
    unit: "characters",
    why: "the longest id of a Microsoft.Compute resource has less than 300",
  },
  lateManifests: {
    what: "manifests without a request that one look of a VHD asks for",
    limit: 20,
    unit: "items",
    why: "their events are late, which few are at a time; one that is missed is found by the sweep",
  },
  eventMessage: {
    what: "the message of one of `events`",
    limit: 2_000,
    unit: "characters",
    why: "a manifest can name 65 blobs of 1,024 characters; what is said of them has to fit into a queue message",
  },
  errorCode: {
    what: "`error.code`",
    limit: 200,
    unit: "characters",
    why: "codes of the service are single words",
  },
  errorMessage: {
    what: "`error.message`",
    limit: 4_000,
    unit: "characters",
    why: "a message of the status queue holds 64 KiB, and the event repeats it",
  },
  errorFix: {
    what: "`error.fix`",
    limit: 2_000,
    unit: "characters",
    why: "a few sentences, with commands that carry the names of blobs",
  },
  errorTarget: {
    what: "`error.target`, and that of a detail",
    limit: 1_024,
    unit: "characters",
    why: "as long as a blob's name",
  },
  detailMessage: {
    what: "the message of one of `error.details`",
    limit: 500,
    unit: "characters",
    why: "one mistake in one sentence",
  },
  details: {
    what: "`error.details`",
    limit: 66,
    unit: "items",
    why: "one for each of 65 disks; who has more mistakes corrects these first",
  },
} as const satisfies Readonly<Record<string, Limit>>;
