import type { BlobRef } from "../../image/image-request.ts";
import { foldCase } from "../../image/resource-id.ts";
import { MAX_VERSION_PART, type VersionNumber } from "../../image/version-number.ts";
import type { RecordQuery } from "../../ports.ts";
import { digest } from "../../record/identity.ts";
import type { RequestRecord } from "../../record/record.ts";

/**
 * Rows of the request table. All are in one partition, so that a record and its index rows change in
 * one transaction; row keys sort as text.
 *
 * | prefix | row | key after the prefix |
 * | --- | --- | --- |
 * | `r` | the record | request id |
 * | `a` | index of all | newest first |
 * | `s` | index by state | state, newest first |
 * | `b` | index by source | digest of the source, newest first |
 * | `i` | index by image | digest of the image's name, newest first |
 * | `d` | index by due time | due time, earliest first |
 * | `c` | claim | digest of the blob, request id |
 * | `n` | note | key |
 * | `v` | name of a disk | digest of its family, digest of the name |
 * | `g` | number of an image version | digest of the definition, the number, highest first |
 * | `o` | number that a request has | digest of the definition, request id |
 */
export const PARTITION = "requests";

const LAST_MILLISECOND = 9_999_999_999_999;

/** What narrows a query down. */
export type RecordFilters = Partial<RecordQuery>;

export function recordKey(requestId: string): string {
  return `r:${requestId}`;
}

export function noteKey(key: string): string {
  return `n:${key}`;
}

/** Prefix of all claims. */
export const CLAIMS_PREFIX = "c:";

export function claimPrefix(blob: BlobRef): string {
  return `${CLAIMS_PREFIX}${digest([blob.container, blob.name.toLowerCase()])}:`;
}

export function diskNamePrefix(container: string, family: string): string {
  return `v:${digest([container, family])}:`;
}

export function diskNameKey({ container, name }: BlobRef, family: string): string {
  return `${diskNamePrefix(container, family)}${digest([name])}`;
}

/** Digits of the largest number that the service takes. */
const VERSION_DIGITS = 10;

/** Prefix of the numbers of a definition that begin with the given ones. */
export function versionSeriesPrefix(definition: string, series: readonly number[]): string {
  const parts = series.map((part) => `${invert(part)}.`);
  return `g:${digest([foldCase(definition)])}:${parts.join("")}`;
}

/** Key of a number of a definition: the highest comes first. */
export function versionKey(definition: string, version: VersionNumber): string {
  return versionSeriesPrefix(definition, version);
}

/** The number in the key of {@link versionKey}. */
export function versionOfKey(rowKey: string): VersionNumber {
  const parts = rowKey.slice(rowKey.lastIndexOf(":") + 1).split(".");
  const [major = 0, minor = 0, patch = 0] = parts.map((part) => MAX_VERSION_PART - Number(part));
  return [major, minor, patch];
}

/** Key of the number that a request has. */
export function ownVersionKey(definition: string, requestId: string): string {
  return `o:${digest([foldCase(definition)])}:${requestId}`;
}

function invert(part: number): string {
  return String(MAX_VERSION_PART - part).padStart(VERSION_DIGITS, "0");
}

/** Prefix of the rows that due times are indexed by. */
export const DUE_PREFIX = "d:";

/** All due rows up to a time are before this key. */
export function dueKey(at: Date): string {
  return `${DUE_PREFIX}${at.toISOString()}`;
}

/** Prefix of the index of all requests. */
export const INDEX_OF_ALL = "a:";

/** In the index of all, requests opened at this time or before have this key or a later one. */
export function openedAtKey(at: Date): string {
  return `${INDEX_OF_ALL}${newestFirst(at.toISOString())}`;
}

/** Row keys of all index rows of a record. */
export function indexKeys(record: RequestRecord): readonly string[] {
  const tail = `${newestFirst(record.createdAt)}:${record.requestId}`;
  return [
    `${INDEX_OF_ALL}${tail}`,
    `s:${record.state}:${tail}`,
    `b:${digest([record.source.name])}:${tail}`,
    ...(record.image === null ? [] : [`i:${digest([record.image.name.toLowerCase()])}:${tail}`]),
    ...(record.dueAt === null ? [] : [`${dueKey(new Date(record.dueAt))}:${record.requestId}`]),
  ];
}

/** Prefix of the index that narrows a query down best; what it does not cover is filtered. */
export function indexPrefix(query: RecordFilters): string {
  if (query.source !== undefined) return `b:${digest([query.source])}:`;
  if (query.image !== undefined) return `i:${digest([query.image.toLowerCase()])}:`;
  return query.state === undefined ? INDEX_OF_ALL : `s:${query.state}:`;
}

/** Request id at the end of an index or claim row's key. */
export function requestIdOfKey(rowKey: string): string {
  return rowKey.slice(rowKey.lastIndexOf(":") + 1);
}

/** The first key behind all keys with a prefix. */
export function afterPrefix(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + String.fromCharCode(last + 1);
}

function newestFirst(at: string): string {
  return String(LAST_MILLISECOND - new Date(at).getTime()).padStart(13, "0");
}
