import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import { COPY_FAULTS, type CopyFaultSwitch } from "./faults.ts";

/** Path below which the control routes are; no account has this name. */
export const CONTROL_PREFIX = "/_front";

/** What came through the front so far. */
export interface FrontCounts {
  /** Put Page From URL that were answered with 201, and their bytes. */
  copies: number;
  copiedBytes: number;
  /** Put Page From URL that were refused. */
  refusedCopies: number;
  /** Put Page with a body. */
  writes: number;
  writtenBytes: number;
  /** Reads of blobs. */
  reads: number;
  readBytes: number;
}

const fault = z.strictObject({
  fault: z.enum(COPY_FAULTS),
  path: z.string().exactOptional(),
  source: z.string().exactOptional(),
  after: z.int().min(0).exactOptional(),
  count: z.int().min(1).exactOptional(),
  delayMs: z.int().min(0).exactOptional(),
});
const faultsSchema = z.strictObject({
  seed: z.int().exactOptional(),
  chances: z.partialRecord(z.enum(COPY_FAULTS), z.number().min(0).max(1)).exactOptional(),
  plan: z.array(fault).exactOptional(),
});

/** Whether a request is for the front itself. */
export function isControl({ url = "" }: IncomingMessage): boolean {
  return url === CONTROL_PREFIX || url.startsWith(`${CONTROL_PREFIX}/`);
}

/** Answers a request for the front itself: `faults` (GET, POST, DELETE) and `counts` (GET). */
export async function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  { faults, counts }: { readonly faults: CopyFaultSwitch; readonly counts: FrontCounts },
): Promise<void> {
  const route = `${request.method} ${(request.url ?? "").slice(CONTROL_PREFIX.length)}`;
  switch (route) {
    case "GET /counts":
      return answer(response, 200, counts);
    case "GET /faults":
      return answer(response, 200, { plan: faults.list(), struck: faults.struck });
    case "DELETE /faults":
      faults.set({});
      return answer(response, 204);
    case "POST /faults": {
      const parsed = faultsSchema.safeParse(await readJson(request));
      if (!parsed.success) return answer(response, 400, { error: parsed.error.message });
      faults.add(parsed.data);
      return answer(response, 204);
    }
    default:
      return answer(response, 404, { error: "the routes are /faults and /counts" });
  }
}

function answer(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return null;
  }
}
