import { createHash } from "node:crypto";
import { RestError } from "@azure/core-rest-pipeline";
import {
  BlobClient,
  PageBlobClient,
  type PageBlobUploadPagesResponse,
  type StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { refuseCopy } from "./copy-answer.ts";
import type { PageCopy } from "./read-copy.ts";

/** The emulator behind the front. */
export interface CopyBackend {
  /** Root of its blob service, without a slash at the end. */
  readonly root: string;
  /** The key of an account; null for one that it does not have. */
  readonly credentialOf: (account: string) => StorageSharedKeyCredential | null;
}

const ONCE = { retryOptions: { maxTries: 1 } };

/**
 * Carries out a Put Page From URL: reads the source under its conditions, and writes the pages.
 * @throws CopyRefusedError with the service's answer where it is refused.
 */
export async function copyPages(
  copy: PageCopy,
  backend: CopyBackend,
): Promise<PageBlobUploadPagesResponse> {
  const bytes = await readSource(copy, backend);
  if (copy.sourceMd5 !== null && copy.sourceMd5 !== md5Of(bytes)) {
    refuseCopy({ status: 400, code: "Md5Mismatch", message: "The MD5 of the source differs." });
  }
  const target = new PageBlobClient(
    `${backend.root}${copy.path}`,
    requireCredential(copy.path, backend),
    ONCE,
  );
  try {
    const options = { conditions: copy.targetConditions };
    return await target.uploadPages(bytes, copy.targetOffset, copy.count, options);
  } catch (error) {
    const { status, code } = describe(error);
    return refuseCopy({ status, code, message: "The target refused the pages." });
  }
}

/** Changes the source as somebody else would in the middle of a copy: its ETag is another one then. */
export async function changeSource({ source }: PageCopy, backend: CopyBackend): Promise<void> {
  const client = new BlobClient(
    `${backend.root}${source.path}`,
    requireCredential(source.path, backend),
    ONCE,
  );
  const { metadata = {} } = await client.getProperties();
  await client.setMetadata({ ...metadata, changedmidway: String(Date.now()) });
}

async function readSource(copy: PageCopy, backend: CopyBackend): Promise<Buffer> {
  const { source, sourceOffset, count, hasToken, sourceConditions } = copy;
  const url = `${backend.root}${source.path}`;
  // A token is the caller's right to every blob; without one the URL itself has to bear a signature.
  const client = hasToken
    ? new BlobClient(url, requireCredential(source.path, backend), ONCE)
    : new BlobClient(`${url}${source.query}`, undefined, ONCE);
  try {
    const answer = await client.download(sourceOffset, count, {
      conditions: sourceConditions,
      maxRetryRequests: 0,
    });
    const bytes = await readStream(answer.readableStreamBody);
    if (bytes.length === count) return bytes;
  } catch (error) {
    refuseSource(describe(error));
  }
  return refuseCopy({
    status: 416,
    code: "InvalidRange",
    message: "The range of the source is invalid for its current size.",
  });
}

async function readStream(stream: NodeJS.ReadableStream | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** What the service makes of the answer of a source. */
function refuseSource(answer: { readonly status: number; readonly code: string }): never {
  const { status, code } = answer;
  if (status === 412 || status === 304) {
    refuseCopy({
      status: 412,
      code: "SourceConditionNotMet",
      message: "The source condition specified using HTTP conditional header(s) is not met.",
    });
  }
  if (status === 416) {
    refuseCopy({
      status: 416,
      code: "InvalidRange",
      message: "The range specified is invalid for the current size of the resource.",
    });
  }
  refuseCopy({
    status: status === 401 || status === 403 || status === 404 ? status : 500,
    code: status >= 400 && status < 500 ? "CannotVerifyCopySource" : "InternalError",
    message: "The copy source could not be verified.",
    source: { status, code },
  });
}

function requireCredential(path: string, backend: CopyBackend): StorageSharedKeyCredential {
  const account = path.split("/")[1] ?? "";
  return (
    backend.credentialOf(account) ??
    refuseCopy({ status: 403, code: "AuthenticationFailed", message: "Unknown account." })
  );
}

function describe(error: unknown): { readonly status: number; readonly code: string } {
  if (!(error instanceof RestError)) throw error;
  const status = error.statusCode ?? 500;
  return { status, code: error.code ?? (status === 412 ? "ConditionNotMet" : "InternalError") };
}

function md5Of(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("base64");
}
