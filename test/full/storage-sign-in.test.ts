import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { AccountSASPermissions, BlobServiceClient } from "@azure/storage-blob";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createLoopbackCertificates } from "../../local/arm-simulator/http/certificates.ts";
import {
  type IdentityEndpoint,
  startIdentityEndpoint,
} from "../../local/arm-simulator/http/identity.ts";
import { COMMAND } from "../run/build-command.ts";
import { leaseAccount } from "../storage/lease.ts";
import { buildVhd } from "../unit/cli/build-vhd.ts";

const VHD = buildVhd([["web", 3]]);

let folder = "";
let identity: IdentityEndpoint;
let service: BlobServiceClient;
/** Blob Storage by https, which admits bearers of tokens for it alone. */
let front: Server;
let address = "";
let refused = false;
let authorizations: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sign-in-"));
  await writeFile(join(folder, "web.vhd"), VHD);
  identity = await startIdentityEndpoint("127.0.0.1");
  const { connectionString, endpoints } = leaseAccount();
  service = BlobServiceClient.fromConnectionString(connectionString);
  await service.getContainerClient("uploads").create();
  const soon = new Date(Date.now() + 3_600_000);
  const all = AccountSASPermissions.parse("rwdlacup");
  const sas = new URL(service.generateAccountSasUrl(soon, all, "sco")).search.slice(1);
  const { ca, key, cert } = await createLoopbackCertificates();
  await writeFile(join(folder, "ca.pem"), ca);
  front = createServer({ key, cert }, (request, response) => admit(request, response));
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  address = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;

  function admit(request: IncomingMessage, response: ServerResponse): void {
    const { authorization = "", ...headers } = request.headers;
    authorizations.push(authorization);
    if (refused || audienceOf(authorization) !== "https://storage.azure.com") {
      response.writeHead(403, { "x-ms-error-code": "AuthorizationPermissionMismatch" });
      response.end();
      return;
    }
    const target = `${endpoints.blob}${request.url}${request.url?.includes("?") ? "&" : "?"}${sas}`;
    const { host: _, ...passed } = headers;
    const sent = forward(target, { method: request.method, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(sent);
  }
});
afterAll(async () => {
  front.closeAllConnections();
  front.close();
  await identity.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  refused = false;
  authorizations = [];
});

/** For whom a token is; null for anything else. */
function audienceOf(authorization: string): unknown {
  const [, claims = ""] = /^Bearer [\w-]+\.([\w-]+)\./.exec(authorization) ?? [];
  if (claims === "") return null;
  const { aud } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { aud: string };
  return aud.replace(/\/$/, "");
}

/** Uploads as the identity of a machine in Azure, whose endpoint is that of the local world. */
async function upload(more: Record<string, string> = {}) {
  const { AZURE_STORAGE_CONNECTION_STRING: _, ...outside } = process.env;
  const child = spawn(process.execPath, [COMMAND, "upload", "web.vhd", "--no-wait"], {
    cwd: folder,
    env: {
      ...outside,
      VHD_TO_IMAGE_ACCOUNT: address,
      AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
      IDENTITY_ENDPOINT: identity.endpoint,
      IDENTITY_HEADER: identity.header,
      NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
      ...more,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, "exit");
  return { code: child.exitCode, stdout, stderr };
}

it("an upload signs in with the credential of Azure tools, and is byte for byte the file", async () => {
  const result = await upload();

  expect(result, result.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^[a-z2-7]{20}\n$/),
  });
  const blob = service.getContainerClient("uploads").getBlobClient("web.vhd");
  expect((await blob.downloadToBuffer()).equals(VHD)).toBe(true);
  expect(authorizations.every((value) => value.startsWith("Bearer "))).toBe(true);
});

it("one without the right to write ends with 3 and names the role, without the token", async () => {
  refused = true;
  const { code, stdout, stderr } = await upload();

  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain("Storage Blob Data Contributor");
  expect(stderr).not.toMatch(/Bearer|eyJ/);
});

it("one without a sign-in ends with 3, says how to sign in, and sends nothing", async () => {
  const { code, stderr } = await upload({ IDENTITY_HEADER: "of-somebody-else" });

  expect(code, stderr).toBe(3);
  expect(stderr).toContain("az login");
  expect(authorizations.filter((value) => value !== "")).toEqual([]);
});
