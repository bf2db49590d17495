import { ArmError, invalidParameter } from "../errors.ts";

/** A blob in the emulated storage. */
export interface BlobPlace {
  readonly account: string;
  readonly container: string;
  readonly blob: string;
  /** The URI as given, without query and fragment, for messages. */
  readonly uri: string;
}

/** Which accounts exist, and where the emulator serves them. */
export interface BlobAccounts {
  /** The emulator's blob endpoint without an account, e.g. `http://127.0.0.1:10000`. */
  readonly blobEndpoint: string;
  /** Other roots under which the same emulator is reached, e.g. that of a proxy before it. */
  readonly aliases?: readonly string[];
  readonly names: readonly string[];
}

const PUBLIC_SUFFIX = ".blob.core.windows.net";

/** The blob's place, or which rule its URI breaks. */
interface BlobUriRule {
  readonly breaks: (place: BlobPlace) => boolean;
  readonly message: (uri: string) => string;
}

/**
 * What a blob's name must look like. A rule that refuses a slash in the name stood here in the 2016
 * preview of the API (https://github.com/chagarw/MDPP/issues/22); the service has since taken names
 * below virtual folders, Packer's own `Microsoft.Compute/Images/…` layout among them.
 */
const NAME_RULES: readonly BlobUriRule[] = [
  {
    // Wording: https://github.com/Azure/azure-cli/issues/9899
    breaks: ({ blob }) => !blob.toLowerCase().endsWith(".vhd"),
    message: (uri) => `Blob name in URL ${uri} must end with '.vhd' extension.`,
  },
];

/**
 * Returns the place of the blob that a `blobUri` names: below `https://{account}.blob.core.windows.net`
 * or directly below the emulator's endpoint or one of its aliases.
 *
 * @throws ArmError 400 `InvalidParameter` for what is not a plain blob URI, 404 `StorageAccountNotFound`
 */
export function parseBlobUri(text: string, target: string, accounts: BlobAccounts): BlobPlace {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw invalidParameter(target, "The blob URI is not a valid absolute URI.");
  }
  const uri = `${url.origin}${url.pathname}`;
  if (url.search !== "" || url.username !== "" || url.password !== "") {
    // The query may be a SAS; it is not repeated.
    throw invalidParameter(
      target,
      `The blob URI ${uri} must not have a query: a shared access signature is not supported.`,
    );
  }
  const place = locate(url, uri, accounts);
  if (place === undefined || place.container === "" || place.blob === "") {
    throw invalidParameter(target, `The URI ${uri} is not the URI of a blob.`);
  }
  const broken = NAME_RULES.find(({ breaks }) => breaks(place));
  if (broken !== undefined) throw invalidParameter(target, broken.message(uri));
  if (!accounts.names.includes(place.account)) {
    throw new ArmError(
      404,
      "StorageAccountNotFound",
      `Storage account '${place.account}' was not found.`,
      { target },
    );
  }
  return place;
}

function locate(url: URL, uri: string, accounts: BlobAccounts): BlobPlace | undefined {
  const segments = decodePath(url.pathname);
  if (segments === undefined) return undefined;
  if (url.hostname.endsWith(PUBLIC_SUFFIX)) {
    const account = url.hostname.slice(0, -PUBLIC_SUFFIX.length);
    const [container = "", ...blob] = segments;
    return { account, container, blob: blob.join("/"), uri };
  }
  const { blobEndpoint, aliases = [] } = accounts;
  if ([blobEndpoint, ...aliases].some((root) => url.origin === new URL(root).origin)) {
    const [account = "", container = "", ...blob] = segments;
    return { account, container, blob: blob.join("/"), uri };
  }
  return undefined;
}

function decodePath(pathname: string): string[] | undefined {
  try {
    return pathname.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
