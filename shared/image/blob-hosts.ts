/** The clouds, by the name that `az cloud` uses. */
export type CloudName = "AzureCloud" | "AzureChinaCloud" | "AzureUSGovernment";

/** The endpoint of a cloud's blob service, after the account's name and a dot. */
interface BlobEndpoint {
  readonly suffix: string;
  /** Whether the account is followed by the number of a DNS zone, as in `ACCOUNT.z12.`. */
  readonly inZone: boolean;
  readonly why: string;
}

/**
 * Hosts of blobs per cloud. An account's name is taken only once in a cloud: one of the same name in
 * another cloud belongs to somebody else, and that cloud's tenants are not this cloud's.
 */
export const BLOB_ENDPOINTS: Readonly<Record<CloudName, readonly BlobEndpoint[]>> = {
  AzureCloud: [
    {
      suffix: "blob.core.windows.net",
      inZone: false,
      why: "https://learn.microsoft.com/azure/storage/common/storage-account-overview#standard-endpoints",
    },
    {
      suffix: "blob.storage.azure.net",
      inZone: true,
      why: "https://learn.microsoft.com/azure/storage/common/storage-account-overview#azure-dns-zone-endpoints-preview; the public cloud alone has them",
    },
  ],
  AzureChinaCloud: [
    {
      suffix: "blob.core.chinacloudapi.cn",
      inZone: false,
      why: "https://learn.microsoft.com/azure/china/resources-developer-guide",
    },
  ],
  AzureUSGovernment: [
    {
      suffix: "blob.core.usgovcloudapi.net",
      inZone: false,
      why: "https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure",
    },
  ],
};

const ACCOUNT = /^[a-z0-9]{3,24}$/;
const ZONE = /^z\d{1,2}$/;

/** Whose blob service a host is. */
export interface BlobHost {
  readonly account: string;
  readonly cloud: CloudName;
}

/**
 * The storage account and the cloud whose blob service has this host; null for every other host. The
 * whole host has to match. Other names of an account count as none: a private link's
 * (`ACCOUNT.privatelink.blob…`) is for DNS alone and has no certificate, `ACCOUNT-secondary` is
 * read-only, a trailing dot or a custom domain cannot be told from somebody else's.
 */
export function readBlobHost(host: string): BlobHost | null {
  const [account = "", ...rest] = host.split(".");
  if (!ACCOUNT.test(account)) return null;
  const cloud = (Object.keys(BLOB_ENDPOINTS) as CloudName[]).find((name) =>
    BLOB_ENDPOINTS[name].some((endpoint) => isEndpoint(rest, endpoint)),
  );
  return cloud === undefined ? null : { account, cloud };
}

/**
 * The name of a storage account, from the address of its blob service. An emulator has it in the path
 * (`http://127.0.0.1:10000/devstoreaccount1`), every other address as the first label of the host.
 */
export function accountOf(blobServiceUrl: string): string {
  const { hostname, pathname } = new URL(blobServiceUrl);
  const [inPath = ""] = pathname.split("/").filter((segment) => segment !== "");
  return inPath || (hostname.split(".")[0] ?? hostname);
}

function isEndpoint(labels: readonly string[], { suffix, inZone }: BlobEndpoint): boolean {
  const ofService = inZone ? labels.slice(1) : labels;
  return ofService.join(".") === suffix && (!inZone || ZONE.test(labels[0] ?? ""));
}
