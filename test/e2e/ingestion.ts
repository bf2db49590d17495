import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createLoopbackCertificates } from "../../local/arm-simulator/http/certificates.ts";

/** One piece of telemetry, as Application Insights takes it. */
export interface Envelope {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: {
    readonly baseType: string;
    readonly baseData: Readonly<Record<string, unknown>> & {
      readonly name?: string;
      readonly message?: string;
      readonly success?: boolean;
      readonly resultCode?: string;
      readonly properties?: Readonly<Record<string, string>>;
      readonly metrics?: readonly { readonly name: string; readonly value: number }[];
    };
  };
}

/** Plays the endpoint that Application Insights takes telemetry at. */
export interface Ingestion {
  readonly connectionString: string;
  /** PEM of the authority that its certificate is from. */
  readonly ca: string;
  /** Everything that was received, as text: addresses, headers and bodies. */
  readonly texts: readonly string[];
  readonly envelopes: readonly Envelope[];
  /** Values of the `Authorization` header. */
  readonly tokens: ReadonlySet<string | undefined>;
  close(): Promise<void>;
}

/** Starts the endpoint on a free port of 127.0.0.1; the exporter speaks https only. */
export async function startIngestion(): Promise<Ingestion> {
  const { ca, key, cert } = await createLoopbackCertificates();
  const texts: string[] = [];
  const envelopes: Envelope[] = [];
  const tokens = new Set<string | undefined>();
  const server = createServer({ key, cert }, async (request, response) => {
    let body = "";
    request.setEncoding("utf8");
    for await (const chunk of request) body += chunk;
    const { authorization, ...headers } = request.headers;
    tokens.add(authorization);
    texts.push(`${request.url} ${JSON.stringify(headers)} ${body}`);
    const items = JSON.parse(body) as Envelope[];
    envelopes.push(...items);
    const answer = { itemsReceived: items.length, itemsAccepted: items.length, errors: [] };
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: connectTo(port),
    ca,
    texts,
    envelopes,
    tokens,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Connection string of an endpoint on this machine. */
export function connectTo(port: number): string {
  return `InstrumentationKey=00000000-0000-4000-8000-000000000001;IngestionEndpoint=https://127.0.0.1:${port}/`;
}
