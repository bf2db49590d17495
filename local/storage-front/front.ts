import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { StorageSharedKeyCredential } from "@azure/storage-blob";
import { forward, relay } from "../fault-proxy/forward.ts";
import type { StorageAccount } from "../world/accounts.ts";
import { answerControl, type FrontCounts, isControl } from "./control.ts";
import { answerRefusal, CopyRefusedError, refuseCopy } from "./copy-answer.ts";
import { type CopyBackend, changeSource, copyPages } from "./copy-pages.ts";
import { type CopyFaultSwitch, createCopyFaultSwitch, type StrikingFault } from "./faults.ts";
import { isPageCopy, type PageCopy, readPageCopy } from "./read-copy.ts";

/** A front before a storage emulator's blob service. */
export interface StorageFront {
  /** Where clients reach the service, without account name and slash at the end. */
  readonly root: string;
  readonly faults: CopyFaultSwitch;
  readonly counts: Readonly<FrontCounts>;
  /** Stops to listen and ends every connection. */
  close(): Promise<void>;
}

export interface StorageFrontOptions {
  /** Root of the emulator's blob service. */
  readonly upstream: string;
  readonly accounts: readonly StorageAccount[];
  /** 0, the default, asks for any free port. */
  readonly port?: number;
}

const LOOPBACK = "127.0.0.1";

/**
 * Starts a front that answers Put Page From URL, which the emulator does not know, and passes everything
 * else on unchanged: signatures stay valid, because those of storage do not cover the host.
 * @throws when the port is taken.
 */
export async function startStorageFront(options: StorageFrontOptions): Promise<StorageFront> {
  const credentials = new Map(
    options.accounts.map(({ name, key }) => [name, new StorageSharedKeyCredential(name, key)]),
  );
  const backend: CopyBackend = {
    root: options.upstream,
    credentialOf: (account) => credentials.get(account) ?? null,
  };
  const faults = createCopyFaultSwitch();
  const counts = newCounts();
  const agent = new Agent({ keepAlive: true });
  const upstream = { root: new URL(options.upstream), agent };
  const passOn = (request: IncomingMessage, response: ServerResponse): void =>
    forward(request, response, upstream, (answer) => {
      count(request, answer, counts);
      relay(answer, response);
    });
  const server = createServer(async (request, response) => {
    try {
      if (isControl(request)) await answerControl(request, response, { faults, counts });
      else if (isPageCopy(request)) {
        await answerCopy(request, response, { upstream, backend, faults, counts });
      } else passOn(request, response);
    } catch {
      response.socket?.resetAndDestroy();
    }
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, LOOPBACK, () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
    });
  });
  return {
    root: `http://${LOOPBACK}:${port}`,
    faults,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

interface CopyParts {
  readonly upstream: { readonly root: URL; readonly agent: Agent };
  readonly backend: CopyBackend;
  readonly faults: CopyFaultSwitch;
  readonly counts: FrontCounts;
}

async function answerCopy(
  request: IncomingMessage,
  response: ServerResponse,
  parts: CopyParts,
): Promise<void> {
  const { backend, faults, counts } = parts;
  if (!(await isAuthorized(request, response, parts))) return;
  try {
    const copy = readPageCopy(request);
    const fault = faults.decide({ path: copy.path, source: copy.source.path });
    await strikeBefore(fault, copy, parts);
    const written = await copyPages(copy, backend);
    counts.copies += 1;
    counts.copiedBytes += copy.count;
    if (fault?.fault === "errorAfter") refuseCopy(OPERATION_TIMED_OUT);
    response.writeHead(201, {
      etag: written.etag,
      "last-modified": written.lastModified?.toUTCString() ?? "",
      "x-ms-blob-sequence-number": String(written.blobSequenceNumber ?? 0),
      "x-ms-request-id": written.requestId ?? "",
      "x-ms-request-server-encrypted": "true",
      "content-length": "0",
    });
    response.end();
  } catch (error) {
    if (!(error instanceof CopyRefusedError)) throw error;
    counts.refusedCopies += 1;
    answerRefusal(response, error.refusal);
  }
}

async function strikeBefore(
  striking: StrikingFault | null,
  copy: PageCopy,
  { backend }: CopyParts,
): Promise<void> {
  const fault = striking?.fault;
  if (fault === "busy") {
    refuseCopy({ status: 503, code: "ServerBusy", message: "The server is busy." });
  }
  if (fault === "error") {
    refuseCopy({ status: 500, code: "InternalError", message: "The server encountered an error." });
  }
  if (fault === "firewall") {
    const source = { status: 403, code: "AuthorizationFailure" };
    const message = "This request is not authorized to perform this operation.";
    refuseCopy({ status: 403, code: "CannotVerifyCopySource", message, source });
  }
  if (fault === "changeSource") await changeSource(copy, backend);
  if (fault === "slow") await sleep(striking?.delayMs);
}

const OPERATION_TIMED_OUT = {
  status: 500,
  code: "OperationTimedOut",
  message: "Operation could not be completed within the specified time.",
};

/**
 * Whether the emulator takes the caller's signature: it looks at that first, and answers 501 to an
 * operation that it does not know. Whatever else it answers goes to the caller.
 */
function isAuthorized(
  request: IncomingMessage,
  response: ServerResponse,
  { upstream }: CopyParts,
): Promise<boolean> {
  return new Promise((resolve) => {
    response.once("close", () => resolve(false));
    forward(request, response, upstream, (answer) => {
      if (answer.statusCode !== 501) {
        relay(answer, response);
        resolve(false);
        return;
      }
      answer.resume();
      answer.once("end", () => resolve(true));
    });
  });
}

function newCounts(): FrontCounts {
  return {
    copies: 0,
    copiedBytes: 0,
    refusedCopies: 0,
    writes: 0,
    writtenBytes: 0,
    reads: 0,
    readBytes: 0,
  };
}

function count(
  { method, url = "", headers }: IncomingMessage,
  answer: IncomingMessage,
  counts: FrontCounts,
): void {
  const status = answer.statusCode ?? 0;
  if (method === "PUT" && status === 201 && /[?&]comp=page(?:&|$)/.test(url)) {
    counts.writes += 1;
    counts.writtenBytes += Number(headers["content-length"] ?? 0);
  }
  if (method === "GET" && (status === 200 || status === 206)) {
    counts.reads += 1;
    counts.readBytes += Number(answer.headers["content-length"] ?? 0);
  }
}
