import {
  createDefaultHttpClient,
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { isObject } from "../../plain-object.ts";
import type { PlannedCall } from "../../ports.ts";

/** A client that sends nothing which could change anything, and what it held back. */
export interface HeldCalls {
  readonly client: HttpClient;
  /** The calls held since the last time, in order. */
  take(): readonly PlannedCall[];
}

const SAFE_METHODS: readonly string[] = ["GET", "HEAD"];

/**
 * Lets a client of the service look but not touch: GET and HEAD go through, every other call is kept
 * and answered here, as if the service had done at once what it was asked to. What was held is there
 * for later GETs, so that a caller that checks what became of its PUT finds it.
 * @param inner sends what goes through
 */
export function holdWrites(inner: HttpClient = createDefaultHttpClient()): HeldCalls {
  const resources = new Map<string, unknown>();
  let held: PlannedCall[] = [];
  return {
    client: {
      async sendRequest(request) {
        const key = new URL(request.url).pathname.toLowerCase();
        if (SAFE_METHODS.includes(request.method)) {
          const resource = resources.get(key);
          return resource === undefined
            ? inner.sendRequest(request)
            : answer(request, 200, resource);
        }
        const body = readBody(request);
        held.push({ method: request.method, url: request.url, body });
        const resource = asCreated(request.url, body);
        if (request.method === "PUT") resources.set(key, resource);
        return answer(request, 201, resource);
      },
    },
    take() {
      const taken = held;
      held = [];
      return taken;
    },
  };
}

/** What the client put into the request; it is text for every call with JSON. */
function readBody({ body }: PipelineRequest): unknown {
  if (body === undefined || body === null) return null;
  if (typeof body !== "string") throw new TypeError("the body of a call to the service is text");
  return JSON.parse(body);
}

/** The resource as the service would show it once it is ready. */
function asCreated(url: string, body: unknown): unknown {
  const document = isObject(body) ? body : {};
  const properties = isObject(document.properties) ? document.properties : {};
  const id = decodeURIComponent(new URL(url).pathname);
  const name = id.slice(id.lastIndexOf("/") + 1);
  return {
    ...document,
    id,
    name,
    properties: { ...properties, provisioningState: "Succeeded" },
  };
}

function answer(request: PipelineRequest, status: number, body: unknown): PipelineResponse {
  const headers = createHttpHeaders({ "content-type": "application/json" });
  return { request, status, headers, bodyAsText: JSON.stringify(body) };
}
