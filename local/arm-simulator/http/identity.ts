import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { TENANT_ID } from "../tenant.ts";
import { listen, stopListening } from "./listen.ts";

/** A managed identity endpoint like the one App Service gives to an app. */
export interface IdentityEndpoint {
  /** Value for `IDENTITY_ENDPOINT`. */
  readonly endpoint: string;
  /** Value for `IDENTITY_HEADER`: the secret that a caller must send. */
  readonly header: string;
  close(): Promise<void>;
}

/** What differs between the protocols of App Service, by api-version. */
interface Protocol {
  /** The header that carries the secret. */
  readonly header: string;
  readonly formatExpiry: (seconds: number) => string;
}

/** The older one is that of `MSI_ENDPOINT` and `MSI_SECRET`, which Debian's azure-cli still speaks. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  "2019-08-01": { header: "x-identity-header", formatExpiry: String },
  "2017-09-01": { header: "secret", formatExpiry: formatDate },
};
const LIFETIME_SECONDS = 24 * 60 * 60;
const SYSTEM_ASSIGNED_CLIENT = "00000000-0000-0000-0000-000000000000";

/**
 * Starts a managed identity endpoint on a free port. Protocol:
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference.
 * It serves plain http, as the host's does, and hands out tokens that grant nothing. Their expiry is by the
 * real clock, for clients judge it by theirs.
 */
export async function startIdentityEndpoint(host: string): Promise<IdentityEndpoint> {
  const header = randomUUID();
  const server = createServer((request, response) => {
    const answer = answerTokenRequest(request, header);
    sendJson(response, answer.status, answer.body);
  });
  const port = await listen(server, host, 0, "The identity endpoint");
  return {
    endpoint: `http://${host}:${port}/msi/token`,
    header,
    close: () => stopListening(server),
  };
}

function answerTokenRequest(
  request: IncomingMessage,
  header: string,
): { readonly status: number; readonly body: object } {
  const url = new URL(request.url ?? "/", "http://identity");
  const resource = url.searchParams.get("resource");
  const refuse = (status: number, message: string) => ({
    status,
    body: { statusCode: status, message },
  });
  // The older protocol's client puts a slash behind the path.
  if (request.method !== "GET" || !/^\/msi\/token\/?$/.test(url.pathname)) {
    return refuse(404, "Not found");
  }
  const protocol = PROTOCOLS[url.searchParams.get("api-version") ?? ""];
  if (protocol === undefined) {
    return refuse(400, `The api-version must be ${Object.keys(PROTOCOLS).join(" or ")}`);
  }
  if (request.headers[protocol.header] !== header) {
    return refuse(401, `The header ${protocol.header.toUpperCase()} is missing or wrong`);
  }
  if (resource === null || resource === "") {
    return refuse(400, "The query parameter 'resource' is missing");
  }
  const expiresOn = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
  return {
    status: 200,
    body: {
      access_token: createToken(resource, expiresOn),
      expires_on: protocol.formatExpiry(expiresOn),
      resource,
      token_type: "Bearer",
      client_id: url.searchParams.get("client_id") ?? SYSTEM_ASSIGNED_CLIENT,
    },
  };
}

/** Returns a JSON Web Token as clients read it (azure-cli wants `tid`); it is signed by nobody. */
function createToken(resource: string, expiresOn: number): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const claims = {
    aud: resource,
    iss: `https://sts.windows.net/${TENANT_ID}/`,
    iat: expiresOn - LIFETIME_SECONDS,
    exp: expiresOn,
    tid: TENANT_ID,
    oid: SYSTEM_ASSIGNED_CLIENT,
    appid: SYSTEM_ASSIGNED_CLIENT,
    jti: randomUUID(),
  };
  const signature = randomBytes(48).toString("base64url");
  return `${encode({ typ: "JWT", alg: "RS256" })}.${encode(claims)}.${signature}`;
}

/** `11/05/2026 15:18:31 +00:00` */
function formatDate(seconds: number): string {
  const [date = "", time = ""] = new Date(seconds * 1000).toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${month}/${day}/${year} ${time.slice(0, 8)} +00:00`;
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}
