import type { UploadStep } from "./steps.ts";

const MIB = 1024 ** 2;

/** How a tool goes on with an upload that was killed. */
export type Recovery =
  /** Sends what is missing to the blob that is there. */
  | "continue"
  /** Puts a new blob over the old one and sends everything. */
  | "startOver"
  | "deleteAndStartOver";

/** The requests of an upload tool: `begin`, its pages, `end`. */
export interface UploadTool {
  readonly id: string;
  readonly begin: readonly UploadStep[];
  /** Who fills in the pages, and how. */
  readonly transfer: "parallel" | "guarded" | "serverCopy";
  readonly chunkBytes: number;
  /** Requests under way at the same time. */
  readonly parallel: number;
  readonly end: readonly UploadStep[];
  readonly afterKill: readonly Recovery[];
  /**
   * Whether its end can be recognized from outside. `whenWatched`: only if the blob was checked before,
   * since a Content-MD5 that was always there says nothing.
   */
  readonly endMark: "always" | "whenWatched" | "none";
}

/** MD5 in hexadecimal; what it is the hash of is nobody's concern here. */
export const CONTENT_MD5 = "0cc175b9c0f1b6a831c399e269772661";

/** The working metadata of Add-AzVhd and azure-vhd-utils, with which they resume. */
const DISK_METADATA = {
  diskmetadata: JSON.stringify({ fileName: "os.vhd", vhdSize: 1, md5Hash: CONTENT_MD5 }),
};

const create = (
  options: { metadata?: Record<string, string>; contentMd5?: string } = {},
): UploadStep => ({
  do: "create",
  metadata: options.metadata ?? {},
  contentMd5: options.contentMd5 ?? null,
});
const setMd5: UploadStep = { do: "setProperties", contentMd5: CONTENT_MD5 };
const clearMetadata: UploadStep = { do: "setMetadata", metadata: {} };

const AZCOPY = { transfer: "parallel", chunkBytes: 4 * MIB, parallel: 16 } as const;
const PYTHON = {
  begin: [create()],
  chunkBytes: 4 * MIB,
  end: [],
  afterKill: ["startOver"],
} as const;
const ADD_AZ_VHD = {
  begin: [create(), { do: "setMetadata", metadata: DISK_METADATA }],
  transfer: "parallel",
  chunkBytes: 2 * MIB,
  parallel: 8,
  afterKill: ["continue"],
  endMark: "whenWatched",
} as const;

/**
 * The tools that write VHDs, as their public sources show. All skip chunks of zeros, start their
 * requests in ascending order, and take no lease.
 *
 * azcopy used to restart a file after `jobs resume`, and goes on with it since 2023
 * (https://github.com/Azure/azure-storage-azcopy/issues/806); both are tried.
 */
export const UPLOAD_TOOLS: readonly UploadTool[] = [
  {
    ...AZCOPY,
    id: "azcopy",
    begin: [create()],
    end: [{ do: "setProperties", contentMd5: null }],
    afterKill: ["continue", "startOver"],
    endMark: "none",
  },
  {
    ...AZCOPY,
    id: "azcopy --put-md5",
    begin: [create()],
    end: [setMd5],
    afterKill: ["continue", "startOver"],
    endMark: "whenWatched",
  },
  {
    // Put Page From URL in truth. To whoever looks at the blob it is a Put Page.
    ...AZCOPY,
    id: "azcopy, service to service",
    begin: [create({ contentMd5: CONTENT_MD5 })],
    end: [],
    afterKill: ["continue", "startOver"],
    endMark: "none",
  },
  {
    // max_concurrency=1: any write of somebody else makes the next Put Page fail with 412.
    ...PYTHON,
    id: "az storage blob upload",
    transfer: "guarded",
    parallel: 1,
    endMark: "none",
  },
  {
    ...PYTHON,
    id: "az storage blob upload --content-md5",
    begin: [create({ contentMd5: CONTENT_MD5 })],
    transfer: "guarded",
    parallel: 1,
    endMark: "none",
  },
  {
    ...PYTHON,
    id: "Python upload_blob, parallel",
    transfer: "parallel",
    parallel: 4,
    endMark: "none",
  },
  { ...ADD_AZ_VHD, id: "Add-AzVhd, Content-MD5 first", end: [setMd5, clearMetadata] },
  { ...ADD_AZ_VHD, id: "Add-AzVhd, metadata first", end: [clearMetadata, setMd5] },
  {
    id: "azure-vhd-utils",
    begin: [create({ metadata: DISK_METADATA })],
    transfer: "parallel",
    chunkBytes: 2 * MIB,
    parallel: 8,
    end: [setMd5],
    afterKill: ["continue"],
    endMark: "none", // its metadata stays, so the blob never looks as Add-AzVhd leaves it
  },
  {
    id: "server-side Copy Blob",
    begin: [{ do: "startCopy" }],
    transfer: "serverCopy",
    chunkBytes: 4 * MIB,
    parallel: 16,
    end: [{ do: "finishCopy", status: "success" }],
    afterKill: ["startOver"],
    endMark: "always",
  },
  {
    id: "terraform azurerm_storage_blob",
    begin: [create()],
    transfer: "parallel",
    chunkBytes: 4 * MIB,
    parallel: 8,
    end: [],
    afterKill: ["deleteAndStartOver"],
    endMark: "none",
  },
  {
    id: "JavaScript SDK, page by page",
    begin: [create()],
    transfer: "parallel",
    chunkBytes: 4 * MIB,
    parallel: 1,
    end: [],
    afterKill: ["continue", "startOver"],
    endMark: "none",
  },
  {
    id: "JavaScript SDK, uploadcomplete last",
    begin: [create()],
    transfer: "parallel",
    chunkBytes: 4 * MIB,
    parallel: 1,
    end: [{ do: "setMetadata", metadata: { uploadcomplete: "true" } }],
    afterKill: ["continue", "startOver"],
    endMark: "always",
  },
];

/** The tool with this id. */
export function findTool(id: string): UploadTool {
  const tool = UPLOAD_TOOLS.find((candidate) => candidate.id === id);
  if (tool === undefined) throw new Error(`there is no script of the tool '${id}'`);
  return tool;
}
