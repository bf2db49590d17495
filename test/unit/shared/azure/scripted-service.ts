import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { createLoopbackCertificates } from "../../../../local/arm-simulator/http/certificates.ts";

/** What the service does with one request: answers, drops the connection, or stays silent. */
export type ScriptedAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | "drop"
  | "silence";

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly apiVersion: string | null;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  /** Parsed JSON, undefined without a body. */
  readonly body: unknown;
}

/** An https server on loopback that answers as a test scripts it, and records its requests. */
export interface ScriptedService {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Answers for the next requests, in order. A text is a body as it is, anything else is JSON. */
  answer(...answers: ScriptedAnswer[]): void;
  stop(): Promise<void>;
}

/** Starts a service whose certificate this process trusts until it is stopped. */
export async function startScriptedService(): Promise<ScriptedService> {
  const { ca, key, cert } = await createLoopbackCertificates();
  const trusted = getCACertificates("default");
  setDefaultCACertificates([...trusted, ca]);
  const requests: ReceivedRequest[] = [];
  const script: ScriptedAnswer[] = [];
  const server = createServer({ key, cert }, async (request, response) => {
    const text = (await buffer(request)).toString("utf8");
    const url = new URL(request.url ?? "", "https://127.0.0.1");
    requests.push({
      method: request.method ?? "",
      path: url.pathname,
      apiVersion: url.searchParams.get("api-version"),
      authorization: request.headers.authorization,
      userAgent: request.headers["user-agent"],
      body: text === "" ? undefined : JSON.parse(text),
    });
    const next = script.shift() ?? { status: 500, body: "no answer is left in the script" };
    if (next === "drop") request.socket.destroy();
    if (typeof next === "string") return;
    const { status, headers = {}, body = "" } = next;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (...answers) => void script.push(...answers),
    async stop() {
      setDefaultCACertificates(trusted);
      await close(server);
    },
  };
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
