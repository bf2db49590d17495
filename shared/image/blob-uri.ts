import { diskFileOf } from "../disk/format/disk-files.ts";
import { LIMITS } from "../limits.ts";
import { holdsSecret } from "../redact.ts";
import { readBlobHost } from "./blob-hosts.ts";
import { findNameProblem } from "./blob-name.ts";
import type { BlobRef } from "./image-request.ts";

/** What a text that names a blob turned out to be. */
export type LocatedBlob =
  | { readonly kind: "own"; readonly ref: BlobRef; readonly uri: string }
  | { readonly kind: "external"; readonly account: string; readonly uri: string }
  | { readonly kind: "invalid"; readonly reason: string };

/** Tells blobs of the app's own storage account from others, and gives their URIs. */
export interface BlobLocator {
  /** Name of the container that names are relative to. */
  readonly uploadsContainer: string;
  /** `text` is an absolute URI, or a blob name relative to the uploads container. */
  locate(text: string): LocatedBlob;
  /** The plain URI (no SAS) that names a blob to the service. */
  uriOf(ref: BlobRef): string;
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;
/** Azure takes page blobs named `*.vhd` only (Azure/azure-cli#9899). */
const VHD_NAME = /\.vhd$/i;
/** Characters of containers' names, `$root` included; an encoded slash or dot is none of them. */
const CONTAINER_NAME = /^\$?[a-z0-9-]{1,63}$/;
/**
 * What parsers of URLs read in different ways: they drop it, take it for a slash, or resolve it. The
 * service's parser is another one than ours.
 */
const UNCLEAR = /[\s\\]|\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;
const SECRET_NAME =
  "the blob's name must not contain a signature, a key or a token; the app reads with its own identity";
const SAS_ADVICE = "remove the SAS; the app reads with its own identity";
/** Queries that name an earlier state of a blob. */
const OLD_VERSIONS: readonly string[] = ["snapshot=", "versionid="];
const DISK_NAME =
  "the blob's name must end with .vhd, or with the extension of a disk that the app converts (.vhdx, .vmdk, .qcow2, .vdi, .img, .raw, .ova)";
const OTHER_ACCOUNT =
  "the blob's name must end with .vhd: the app converts only disks of its own storage account";
const OLD_VERSION =
  "a snapshot or version of a blob cannot be the source of an image; copy it to a blob of its own (az storage blob copy start --source-snapshot, or 'Promote' for a version), and name that blob. Without the query, the URI would refer to the current blob";
/** A signature, in what follows the question mark of a blob's name. */
const SIGNATURE = /\bsig=/i;

/**
 * A locator for the account at `accountUrl` (`https://{account}.blob.core.windows.net`, or
 * `http://127.0.0.1:{port}/{account}` for an emulator).
 */
export function createBlobLocator(accountUrl: string, uploadsContainer: string): BlobLocator {
  const base = new URL(accountUrl.endsWith("/") ? accountUrl : `${accountUrl}/`);
  const uriOf = (ref: BlobRef): string => base.href + encodePath(`${ref.container}/${ref.name}`);
  const own = (ref: BlobRef): LocatedBlob => ({ kind: "own", ref, uri: uriOf(ref) });
  return {
    uploadsContainer,
    uriOf,
    locate(text) {
      if (text.length > LIMITS.blobUri.limit) {
        return invalid(`a blob's URI has at most ${LIMITS.blobUri.limit} characters`);
      }
      if (!ABSOLUTE.test(text.trimStart())) {
        const problem = isOldVersion(text)
          ? OLD_VERSION
          : hasSignature(text)
            ? `the blob's name must not have a query; ${SAS_ADVICE}`
            : nameProblem(text);
        return problem === null
          ? own({ container: uploadsContainer, name: text })
          : invalid(problem);
      }
      const url = parseUrl(text);
      if (typeof url === "string") return invalid(url);
      const isOwn = url.origin === base.origin && url.pathname.startsWith(base.pathname);
      const path = isOwn ? url.pathname.slice(base.pathname.length) : url.pathname.slice(1);
      const ref = splitPath(path);
      if (typeof ref === "string") return invalid(ref);
      return isOwn ? { kind: "own", ref, uri: url.href } : locateExternal(url);
    },
  };
}

function hasSignature(name: string): boolean {
  const mark = name.indexOf("?");
  return mark >= 0 && SIGNATURE.test(name.slice(mark));
}

function locateExternal(url: URL): LocatedBlob {
  if (url.protocol !== "https:") return invalid("the URI must begin with https://");
  if (url.port !== "") return invalid("the URI must not name a port");
  const account = readBlobHost(url.hostname)?.account;
  if (account === undefined) {
    return invalid("the host must be a blob endpoint, {account}.blob.core.windows.net");
  }
  if (!VHD_NAME.test(url.pathname)) return invalid(OTHER_ACCOUNT);
  return { kind: "external", account, uri: url.href };
}

/** The URL, or what is wrong with it; the query is never repeated, it may hold a SAS. */
function parseUrl(text: string): URL | string {
  if (!URL.canParse(text)) return "it is not a valid URI";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "the URI must not have user information";
  if (isOldVersion(text)) return OLD_VERSION;
  if (text.includes("?") || text.includes("#")) {
    return `the URI must not have a query or fragment; ${SAS_ADVICE}`;
  }
  if (UNCLEAR.test(text)) {
    return "the URI must not contain a space, a backslash, or a segment '.' or '..'";
  }
  return url;
}

function isOldVersion(text: string): boolean {
  const query = text.indexOf("?");
  if (query < 0) return false;
  return text
    .slice(query + 1)
    .toLowerCase()
    .split(/[?&]/)
    .some((part) => OLD_VERSIONS.some((start) => part.startsWith(start)));
}

function splitPath(path: string): BlobRef | string {
  const slash = path.indexOf("/");
  if (slash <= 0) return "the URI must name a container and a blob";
  const container = decode(path.slice(0, slash));
  const name = decode(path.slice(slash + 1));
  if (container === null || name === null) return "the URI is not percent-encoded correctly";
  if (!CONTAINER_NAME.test(container)) return "the URI's first segment must be a container's name";
  return nameProblem(name) ?? { container, name };
}

function nameProblem(name: string): string | null {
  const problem = findNameProblem(name);
  // It would end up in the record and in the body of the PUT; percent-encoded in a URI too.
  if (problem === null && holdsSecret(name)) return SECRET_NAME;
  return problem ?? (VHD_NAME.test(name) || diskFileOf(name) !== null ? null : DISK_NAME);
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function invalid(reason: string): LocatedBlob {
  return { kind: "invalid", reason };
}
