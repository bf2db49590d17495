import {
  type BlobClient,
  type BlobGetPropertiesResponse,
  BlobServiceClient,
  RestError,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { ArmError, ArmSimulatorError, invalidParameter } from "../errors.ts";
import { type BlobPlace, parseBlobUri } from "./blob-uri.ts";
import { FOOTER_BYTES, judgeFooter, type NamedVhd } from "./judge-footer.ts";

/** The storage emulator, and the accounts in it that the simulated service may read. */
export interface StorageOptions {
  /** The emulator's blob endpoint without an account, e.g. `http://127.0.0.1:10000`. */
  readonly blobEndpoint: string;
  /** Other roots under which the same emulator is reached, e.g. that of a proxy before it. */
  readonly aliases?: readonly string[];
  readonly accounts: readonly { readonly name: string; readonly key: string }[];
}

/** A blob that a disk is to be made from. */
export interface BlobOfDisk {
  readonly role: "os" | "data";
  /** The disk's name in messages, e.g. `dataDisks[0]`. */
  readonly parameter: string;
  /** The name of the value that holds the URI. */
  readonly target: string;
  readonly uri: string;
}

/** What is known of a blob that is fit. */
export interface FitBlob {
  /** Name of the storage account. */
  readonly account: string;
  /** The disk's virtual size. */
  readonly bytes: number;
}

/** Judges the blob of a disk. */
export type BlobJudge = (blob: BlobOfDisk) => Promise<FitBlob>;

/** The service has a code of its own for OS disks and for data disks. */
const CODES = {
  os: { notFound: "ImageBlobNotFound", wrongType: "IncorrectImageBlobType" },
  data: { notFound: "DiskBlobNotFound", wrongType: "IncorrectDiskBlobType" },
} as const;

/**
 * For a connection that the emulator closed for being idle at the moment at which it was used again:
 * that says nothing of the blob.
 */
const RETRIES = { maxTries: 4, retryDelayInMs: 50, maxRetryDelayInMs: 400 };

/**
 * Returns a judge that looks at blobs in the storage emulator, by shared key. It reads a blob's
 * properties and its last 512 bytes only. Codes:
 * https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/error-messages.
 *
 * The judge throws ArmError: what is wrong with the URI, the blob or its VHD footer.
 *
 * @throws ArmSimulatorError for a storage endpoint or an alias that is not a URL
 */
export function createBlobJudge(storage: StorageOptions): BlobJudge {
  const { blobEndpoint, aliases = [] } = storage;
  const roots = [["blobEndpoint", blobEndpoint], ...aliases.map((alias) => ["aliases", alias])];
  for (const [option, root = ""] of roots) {
    if (!URL.canParse(root)) {
      throw new ArmSimulatorError(`storage.${option} '${root}' is not a URL`);
    }
  }
  const accounts = { blobEndpoint, aliases, names: storage.accounts.map(({ name }) => name) };
  const services = new Map(
    storage.accounts.map(({ name, key }) => [
      name,
      new BlobServiceClient(
        `${blobEndpoint.replace(/\/$/, "")}/${name}`,
        new StorageSharedKeyCredential(name, key),
        { retryOptions: RETRIES },
      ),
    ]),
  );
  return async (disk) => {
    const place = parseBlobUri(disk.uri, disk.target, accounts);
    const client = services
      .get(place.account)
      ?.getContainerClient(place.container)
      .getBlobClient(place.blob);
    if (client === undefined) throw notAccessible(place);
    return { account: place.account, bytes: await judgeBlob(client, place, disk) };
  };
}

async function judgeBlob(client: BlobClient, place: BlobPlace, disk: BlobOfDisk): Promise<number> {
  const properties = await readProperties(client, place, disk);
  if (properties.blobType !== "PageBlob") {
    throw new ArmError(
      400,
      CODES[disk.role].wrongType,
      `Disk blobs can only be of type page blob. Blob ${place.uri} for disk '${disk.parameter}' is of type ${properties.blobType}.`,
      { target: disk.target },
    );
  }
  if (properties.copyStatus === "pending") {
    throw new ArmError(
      409,
      "DiskImageNotReady",
      `Disk image ${place.uri} is in copying state. Retry when the image is ready.`,
      { target: disk.target },
    );
  }
  const vhd: NamedVhd = {
    uri: place.uri,
    disk: place.blob.slice(place.blob.lastIndexOf("/") + 1),
    length: properties.contentLength ?? 0,
  };
  return judgeFooter(await readFooter(client, vhd, place), vhd);
}

async function readProperties(
  client: BlobClient,
  place: BlobPlace,
  disk: BlobOfDisk,
): Promise<BlobGetPropertiesResponse> {
  try {
    return await client.getProperties();
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) {
      throw new ArmError(
        404,
        CODES[disk.role].notFound,
        `Unable to find VHD blob with URI ${place.uri} for disk '${disk.parameter}'.`,
        { target: disk.target, cause: error },
      );
    }
    throw notAccessible(place, error);
  }
}

async function readFooter(client: BlobClient, vhd: NamedVhd, place: BlobPlace): Promise<Buffer> {
  if (vhd.length < FOOTER_BYTES) return Buffer.alloc(0);
  try {
    return await client.downloadToBuffer(vhd.length - FOOTER_BYTES, FOOTER_BYTES);
  } catch (error) {
    throw notAccessible(place, error);
  }
}

/** Wording: https://github.com/hashicorp/terraform-provider-azurerm/issues/4427 */
function notAccessible(place: BlobPlace, cause?: unknown): ArmError {
  return invalidParameter("disks", `The source blob ${place.uri} is not accessible.`, cause);
}
