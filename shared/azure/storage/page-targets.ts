import { createHash } from "node:crypto";
import { RestError } from "@azure/core-rest-pipeline";
import type { BlobServiceClient } from "@azure/storage-blob";
import type { BlobRef } from "../../image/image-request.ts";
import { PageCallError, type PageCallProblem, type PageTargets } from "../../page-targets.ts";
import { statusOf } from "./http-status.ts";
import type { MakeReadable } from "./source-access.ts";

const RANGES_PER_PAGE = 5000;

/** Page blobs of the storage account. The client must not retry by itself. */
export function createPageTargets(
  service: BlobServiceClient,
  makeReadable: MakeReadable,
): PageTargets {
  const pagesOf = ({ container, name }: BlobRef) =>
    service.getContainerClient(container).getPageBlobClient(name);
  return {
    async create(ref, { length, metadata }) {
      try {
        const conditions = { ifNoneMatch: "*" };
        await pagesOf(ref).create(length, { conditions, metadata: { ...metadata } });
        return true;
      } catch (error) {
        // 409 BlobAlreadyExists; 412 from some versions of the service.
        if (
          [409, 412].includes(statusOf(error) ?? 0) &&
          codeOf(error) !== "ContainerBeingDeleted"
        ) {
          return false;
        }
        throw toCallError(error);
      }
    },
    async copy(ref, { offset, count, source }) {
      const { url, token } = await makeReadable(pagesOf(source.ref));
      try {
        await pagesOf(ref).uploadPagesFromURL(url, source.offset, offset, count, {
          sourceConditions: { ifMatch: source.etag },
          ...(token !== null && { sourceAuthorization: { scheme: "Bearer", value: token } }),
        });
      } catch (error) {
        throw toCallError(error);
      }
    },
    async write(ref, offset, bytes) {
      const transactionalContentMD5 = createHash("md5").update(bytes).digest();
      try {
        await pagesOf(ref).uploadPages(bytes, offset, bytes.length, { transactionalContentMD5 });
      } catch (error) {
        throw toCallError(error);
      }
    },
    async countWritten(ref) {
      let written = 0;
      try {
        const pages = pagesOf(ref).listPageRanges().byPage({ maxPageSize: RANGES_PER_PAGE });
        for await (const page of pages) {
          for (const { start, end } of page.pageRange ?? []) written += end - start + 1;
        }
        return written;
      } catch (error) {
        throw toCallError(error);
      }
    },
    async remove(ref) {
      try {
        await pagesOf(ref).deleteIfExists();
      } catch (error) {
        throw toCallError(error);
      }
    },
  };
}

/** What an answer means, the first row that fits. Null as status: no answer came. */
const ANSWERS: readonly {
  readonly fits: (status: number | null, code: string) => boolean;
  readonly problem: PageCallProblem;
}[] = [
  { fits: (status) => status === null || status === 408 || status === 429, problem: "busy" },
  { fits: (status) => status !== null && status >= 500, problem: "busy" },
  { fits: (_, code) => code === "SourceConditionNotMet", problem: "source-changed" },
  // By the code: 403 alone may as well mean that the app lacks a right on the target.
  { fits: (_, code) => code === "CannotVerifyCopySource", problem: "source-unreadable" },
  { fits: (status) => status === 404 || status === 412 || status === 416, problem: "target-gone" },
];

/** The error of a call as the port names it; what is not an answer of storage stays as it is. */
function toCallError(error: unknown): unknown {
  if (!isRestError(error) && !isAbort(error)) return error;
  const status = statusOf(error) ?? null;
  const code = codeOf(error);
  const row = ANSWERS.find(({ fits }) => fits(status, code));
  const answer = `${status ?? "no answer"} ${code}`.trim();
  // Without the cause: the request that it names may bear a token or a signature.
  return row === undefined
    ? new Error(`Blob Storage refused to write a converted disk: ${answer}`)
    : new PageCallError(row.problem, answer);
}

function isRestError(error: unknown): error is RestError {
  return error instanceof RestError;
}

/** The client ends a try by itself that takes too long. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function codeOf(error: unknown): string {
  return isRestError(error) ? (error.code ?? "") : "";
}
