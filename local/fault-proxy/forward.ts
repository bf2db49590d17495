import {
  type Agent,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from "node:http";
import { pipeline } from "node:stream";

/** Where requests go. */
export type Upstream = { readonly root: URL; readonly agent: Agent };

/** Metadata of a blob may fill more than the 16 KiB that Node.js takes by default. */
const MAX_HEADER_BYTES = 256 * 1024;

/** These speak about one connection, not about the message (RFC 9110, 7.6.1). */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set(["connection", "keep-alive"]);

/**
 * Sends a request on as it is, its body as it comes, and hands the answer's beginning to `onAnswer`.
 * If one side breaks off, so does the other.
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { root, agent }: Upstream,
  onAnswer: (answer: IncomingMessage) => void,
): void {
  const outgoing = sendRequest({
    agent,
    host: root.hostname,
    port: root.port,
    method: request.method,
    path: request.url,
    headers: keepEndToEnd(request.rawHeaders),
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  outgoing.on("response", onAnswer);
  outgoing.on("error", () => breakConnection(response));
  response.on("close", () => outgoing.destroy());
  pipeline(request, outgoing, () => {});
}

/** Passes an answer on to the client as it comes. */
export function relay(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(
    answer.statusCode ?? 502,
    answer.statusMessage ?? "",
    keepEndToEnd(answer.rawHeaders),
  );
  pipeline(answer, response, () => {});
}

/** Reads an answer to the end, so that storage is known to be done, and breaks the connection. */
export function swallow(answer: IncomingMessage, response: ServerResponse): void {
  answer.resume();
  answer.once("close", () => breakConnection(response));
}

/** Resets the client's connection (TCP RST), as a failing network does. */
export function breakConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Names and values in turn, as Node gives and takes raw headers. */
function keepEndToEnd(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (!CONNECTION_HEADERS.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
