import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createCredential } from "../../../../shared/azure/credential.ts";

const SCOPE = "https://management.azure.com/.default";
const cleanups: (() => void)[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

describe("in Azure", () => {
  // The identity library reads the endpoint's address once per process.
  const requests: URL[] = [];
  const server = createIdentityEndpoint(requests);

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  beforeEach(() => {
    requests.length = 0;
    vi.stubEnv("IDENTITY_ENDPOINT", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv("IDENTITY_HEADER", "header");
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    { identity: "system-assigned", clientId: null },
    { identity: "user-assigned", clientId: "11111111-0000-0000-0000-000000000000" },
  ])("the app is its $identity managed identity", async ({ clientId }) => {
    const token = await createCredential({ isHostedInAzure: true, clientId }).getToken(SCOPE);

    expect(token?.token).toBe("managed-identity-token");
    expect(requests).toHaveLength(1);
    expect(requests[0]?.searchParams.get("resource")).toBe("https://management.azure.com");
    expect(requests[0]?.searchParams.get("client_id")).toBe(clientId);
  });
});

describe("elsewhere", () => {
  it("the app is the developer who is signed in to the Azure CLI", async () => {
    installAzureCli(
      `echo '{"accessToken":"developer-token","expires_on":4102444800,"expiresOn":"2100-01-01 00:00:00.000000"}'`,
    );

    const token = await createCredential({ isHostedInAzure: false, clientId: null }).getToken(
      SCOPE,
    );

    expect(token?.token).toBe("developer-token");
  });

  it("a developer who is signed in nowhere learns every way that was tried", async () => {
    installAzureCli("echo 'Please run az login' >&2; exit 1");
    const credential = createCredential({ isHostedInAzure: false, clientId: null });

    const error = await credential.getToken(SCOPE).catch((thrown: unknown) => thrown);

    expect(String(error)).toMatch(/az login/);
    expect(String(error)).toMatch(/Azure Developer CLI/i);
    expect(String(error)).toMatch(/PowerShell/);
  });
});

/** The identity endpoint of App Service and Functions; it notes what it is asked. */
function createIdentityEndpoint(requests: URL[]): Server {
  return createServer((request, response) => {
    requests.push(new URL(request.url ?? "", "http://127.0.0.1"));
    const body = {
      access_token: "managed-identity-token",
      expires_on: String(Math.floor(Date.now() / 1000) + 3_600),
      resource: "https://management.azure.com",
      token_type: "Bearer",
    };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(body));
  });
}

/** An `az` that runs the given shell script; no other command of this machine is found. */
function installAzureCli(script: string): void {
  const directory = mkdtempSync(join(tmpdir(), "vhd-to-image-az-"));
  const file = join(directory, "az");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  cleanups.push(() => rmSync(directory, { recursive: true }));
  vi.stubEnv("PATH", directory);
}
