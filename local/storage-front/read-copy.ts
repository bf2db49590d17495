import type { IncomingMessage } from "node:http";
import type { ModifiedAccessConditions } from "@azure/storage-blob";
import { refuseCopy } from "./copy-answer.ts";

/** A Put Page From URL, read and checked as far as the request alone allows. */
export interface PageCopy {
  /** `/account/container/blob`, encoded as sent. */
  readonly path: string;
  readonly targetOffset: number;
  readonly sourceOffset: number;
  readonly count: number;
  /** The source as a path and query of this service. */
  readonly source: { readonly path: string; readonly query: string };
  /** Whether a bearer token came for the source. */
  readonly hasToken: boolean;
  readonly sourceConditions: Conditions;
  readonly sourceMd5: string | null;
  readonly targetConditions: Conditions & {
    readonly leaseId?: string;
    readonly ifSequenceNumberLessThanOrEqualTo?: number;
    readonly ifSequenceNumberLessThan?: number;
    readonly ifSequenceNumberEqualTo?: number;
  };
}

type Conditions = Pick<
  ModifiedAccessConditions,
  "ifMatch" | "ifNoneMatch" | "ifModifiedSince" | "ifUnmodifiedSince"
>;

const PAGE_BYTES = 512;
const MAX_COPY_BYTES = 4 * 1024 * 1024;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["127.0.0.1", "localhost"]);

/** Whether a request is a Put Page From URL. */
export function isPageCopy({ method, url = "", headers }: IncomingMessage): boolean {
  return (
    method === "PUT" &&
    headers["x-ms-copy-source"] !== undefined &&
    new URL(url, "http://localhost").searchParams.get("comp") === "page"
  );
}

/**
 * Reads a Put Page From URL
 * (https://learn.microsoft.com/rest/api/storageservices/put-page-from-url).
 * @throws CopyRefusedError for one that the service does not take.
 */
export function readPageCopy({ url = "", headers }: IncomingMessage): PageCopy {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  if (header("x-ms-page-write")?.toLowerCase() !== "update") refuseHeader("x-ms-page-write");
  if (Number(header("content-length") ?? 0) !== 0) refuseHeader("Content-Length");
  const target = readRange(header("x-ms-range") ?? header("range"), "x-ms-range");
  const source = readRange(header("x-ms-source-range"), "x-ms-source-range");
  if (target.count !== source.count) refuseHeader("x-ms-source-range");
  if (target.offset % PAGE_BYTES !== 0 || target.count % PAGE_BYTES !== 0) {
    refuseHeader("x-ms-range");
  }
  if (target.count > MAX_COPY_BYTES) {
    refuseCopy({
      status: 413,
      code: "RequestBodyTooLarge",
      message: "The range exceeds the maximum permissible limit.",
    });
  }
  if (header("x-ms-source-content-crc64") !== undefined) refuseHeader("x-ms-source-content-crc64");
  const number = (name: string) => {
    const value = header(name);
    return value === undefined ? undefined : Number(value);
  };
  return {
    path: new URL(url, "http://localhost").pathname,
    targetOffset: target.offset,
    sourceOffset: source.offset,
    count: target.count,
    source: readSource(header("x-ms-copy-source") ?? ""),
    hasToken: /^Bearer \S+$/i.test(header("x-ms-copy-source-authorization") ?? ""),
    sourceConditions: readConditions(header, "x-ms-source-"),
    sourceMd5: header("x-ms-source-content-md5") ?? null,
    targetConditions: dropAbsent({
      ...readConditions(header, ""),
      leaseId: header("x-ms-lease-id"),
      ifSequenceNumberLessThanOrEqualTo: number("x-ms-if-sequence-number-le"),
      ifSequenceNumberLessThan: number("x-ms-if-sequence-number-lt"),
      ifSequenceNumberEqualTo: number("x-ms-if-sequence-number-eq"),
    }),
  };
}

/** The one host that this service copies from is its own, under whichever name of the loopback. */
function readSource(text: string): PageCopy["source"] {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !LOOPBACK_HOSTS.has(url.hostname)) {
    return refuseCopy({
      status: 400,
      code: "CannotVerifyCopySource",
      message: "The source is not a blob of this service.",
    });
  }
  return { path: url.pathname, query: url.search };
}

function readRange(text: string | undefined, name: string): { offset: number; count: number } {
  const [, start, end] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(text ?? "") ?? [];
  const offset = Number(start);
  const count = Number(end) - offset + 1;
  if (start === undefined || count <= 0) refuseHeader(name);
  return { offset, count };
}

function readConditions(
  header: (name: string) => string | undefined,
  prefix: "" | "x-ms-source-",
): Conditions {
  const date = (name: string): Date | undefined => {
    const text = header(`${prefix}${name}`);
    return text === undefined ? undefined : new Date(text);
  };
  return dropAbsent({
    ifMatch: header(`${prefix}if-match`),
    ifNoneMatch: header(`${prefix}if-none-match`),
    ifModifiedSince: date("if-modified-since"),
    ifUnmodifiedSince: date("if-unmodified-since"),
  });
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function dropAbsent<T extends object>(values: T): Present<T> {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Present<T>;
}

function refuseHeader(name: string): never {
  refuseCopy({
    status: 400,
    code: "InvalidHeaderValue",
    message: `The value for one of the HTTP headers is not in the correct format: ${name}.`,
  });
}
