import { basename, resolve } from "node:path";
import type { DiskReader } from "../../shared/disk/disk-reader.ts";
import { CommandError, connectionProblem, fileError } from "../command-error.ts";
import { openRegularFile } from "../regular-file.ts";
import { type AskService, readWhetherWritten } from "./page-ranges.ts";

/** A disk to inspect, and where it is. */
export interface DiskSource {
  /** For people; never with the query of a URL, where a SAS is. */
  readonly name: string;
  readonly reader: DiskReader;
  /** The storage service's word for the kind of blob, null for a file or another server. */
  readonly blobType: string | null;
  close(): Promise<void>;
}

/** Version of the Blob service from which ranges and If-Match are as used here. */
const STORAGE_VERSION = "2021-12-02";

/**
 * Opens a file, by its path from `folder`, or the blob at an http(s) URL.
 * @throws CommandError when it does not exist or may not be read; never with the query of a URL.
 */
export function openSource(source: string, folder: string): Promise<DiskSource> {
  return /^https?:\/\//i.test(source) ? openUrl(source) : openFile(source, folder);
}

async function openFile(path: string, folder: string): Promise<DiskSource> {
  try {
    const file = await openRegularFile(resolve(folder, path), path);
    const stats = await file.stat();
    const read = async (offset: number, count: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, offset);
      return buffer.subarray(0, bytesRead);
    };
    const reader = { length: stats.size, read };
    return { name: basename(path), reader, blobType: null, close: () => file.close() };
  } catch (cause) {
    throw cause instanceof CommandError ? cause : fileError(path, cause);
  }
}

async function openUrl(text: string): Promise<DiskSource> {
  const url = parseUrl(text);
  const name = `${url.origin}${url.pathname}`;
  const head = await request(url, name, { method: "HEAD" });
  const length = Number(head.headers.get("content-length") ?? Number.NaN);
  const etag = head.headers.get("etag");
  const read = async (offset: number, count: number): Promise<Uint8Array> => {
    const range = `bytes=${offset}-${offset + count - 1}`;
    const response = await request(url, name, {
      headers: { range, ...(etag !== null && { "if-match": etag }) },
    });
    if (response.status !== 206) {
      await response.body?.cancel();
      throw unreachable(
        `${name}: the server answered a range request with ${response.status}, not 206.`,
      );
    }
    return new Uint8Array(await response.arrayBuffer());
  };
  const blobType = head.headers.get("x-ms-blob-type");
  const ask: AskService = (query, headers) => {
    const asked = new URL(url);
    // As text: encoding a SAS again would change it.
    asked.search = url.search === "" ? `?${query}` : `${url.search}&${query}`;
    return request(asked, name, { headers: { ...headers, ...(etag && { "if-match": etag }) } });
  };
  const isWritten = async (end: number): Promise<boolean | null> =>
    blobType === "PageBlob" ? readWhetherWritten(end, ask) : null;
  return { name, reader: { length, read, isWritten }, blobType, close: async () => {} };
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new CommandError("usage", "FILE|URL is not a valid URL.");
  return url;
}

async function request(url: URL, name: string, init: RequestInit): Promise<Response> {
  try {
    const headers = { "x-ms-version": STORAGE_VERSION, ...init.headers };
    const response = await fetch(url, { ...init, headers });
    if (response.ok) return response;
    await response.body?.cancel();
    throw unreachable(`${name}: ${explainStatus(response.status)}.`);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    // The error of fetch may name the whole URL; only the code of its cause is shown.
    throw unreachable(`${name} cannot be reached: ${connectionProblem(error)}.`);
  }
}

function explainStatus(status: number): string {
  if (status === 404) return "the blob does not exist (404), or cannot be read without a SAS";
  if (status === 412) return "the blob changed while it was being read (412); try again";
  if (status === 401 || status === 403) {
    return `reading is not allowed (${status}): add a SAS with read permission to the URL`;
  }
  return `the server answered ${status}`;
}

function unreachable(message: string): CommandError {
  return new CommandError("unreachable", message);
}
