import type { TokenCredential } from "@azure/identity";
import { type BlobClient, BlobSASPermissions } from "@azure/storage-blob";
import type { StorageAccess } from "./storage-access.ts";

/** A source as storage itself may read it: its URL, and a token where the URL bears no signature. */
export interface ReadableSource {
  readonly url: string;
  readonly token: string | null;
}

/** Makes a blob of the own account readable for storage itself, for some minutes. */
export type MakeReadable = (blob: BlobClient) => Promise<ReadableSource>;

/** The audience of tokens for the storage services of every cloud. */
const SCOPE = "https://storage.azure.com/.default";
const SIGNATURE_MINUTES = 15;
/** Clocks of app and storage may differ. */
const CLOCK_MINUTES = 5;

/**
 * By identity: the app's own token. It is good for all of the app's storage, so it goes to the account's
 * own host alone: the URLs of sources are those of the client. By connection string: a signature for
 * this one blob. Either lives in the request only; neither is stored or logged.
 */
export function createSourceAccess(access: StorageAccess): MakeReadable {
  return access.kind === "connectionString"
    ? signSource
    : async ({ url }) => ({ url, token: await fetchToken(access.credential) });
}

async function fetchToken(credential: TokenCredential): Promise<string> {
  const token = await credential.getToken(SCOPE);
  if (token === null) throw new Error("the identity got no token for storage");
  return token.token;
}

async function signSource(blob: BlobClient): Promise<ReadableSource> {
  const now = Date.now();
  const url = await blob.generateSasUrl({
    permissions: BlobSASPermissions.parse("r"),
    startsOn: new Date(now - CLOCK_MINUTES * 60_000),
    expiresOn: new Date(now + SIGNATURE_MINUTES * 60_000),
  });
  return { url, token: null };
}
