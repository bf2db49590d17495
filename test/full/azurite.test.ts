import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlobServiceClient } from "@azure/storage-blob";
import { afterEach, expect, test } from "vitest";
import { EMULATOR_ACCOUNT } from "../../local/world/accounts.ts";
import { FREE_PORTS } from "../../local/world/local-ports.ts";
import { createPartScope, type PartScope } from "../../local/world/part-scope.ts";
import { type Storage, startStorage } from "../../local/world/storage.ts";

const scopes: PartScope[] = [];

afterEach(async () => {
  await Promise.all(scopes.splice(0).map((scope) => scope.cleanup.run()));
});

async function start(dataDir?: string): Promise<{ storage: Storage; scope: PartScope }> {
  const scope = createPartScope(() => {});
  scopes.push(scope);
  const options = { ports: FREE_PORTS, environment: process.env, log: () => {} };
  const storage = await startStorage(dataDir ? { ...options, dataDir } : options, scope);
  return { storage, scope };
}

test("serves the emulator account and the VHDs that the reference's examples name, and keeps what was stored in a directory over a restart", {
  timeout: 60_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "azurite-test-"));
  try {
    const { storage, scope } = await start(dataDir);
    const own = BlobServiceClient.fromConnectionString(storage.connectionString);
    expect(own.url).toBe(`${storage.blobRoot}/${EMULATOR_ACCOUNT.name}`);
    await own.getContainerClient("uploads").create();
    await expectExamples(storage);
    await scope.cleanup.run();
    expect(await readdir(dataDir)).toContain("__azurite_db_blob__.json");

    const second = await start(dataDir);
    const after = BlobServiceClient.fromConnectionString(second.storage.connectionString);
    await expect(after.getContainerClient("uploads").exists()).resolves.toBe(true);
    await second.scope.cleanup.run();
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

async function expectExamples(storage: Storage): Promise<void> {
  const example = storage.accounts.find(({ name }) => name === "mystorageaccount");
  const url = `${storage.blobRoot}/mystorageaccount`;
  const service = BlobServiceClient.fromConnectionString(
    `DefaultEndpointsProtocol=http;AccountName=mystorageaccount;AccountKey=${example?.key};BlobEndpoint=${url};`,
  );
  for (const path of ["osimages/osimage.vhd", "dataimages/dataimage.vhd"]) {
    const [container = "", name = ""] = path.split("/");
    const blob = service.getContainerClient(container).getBlobClient(name);
    const properties = await blob.getProperties();
    expect(properties.blobType).toBe("PageBlob");
    const footer = await blob.downloadToBuffer((properties.contentLength ?? 0) - 512, 8);
    expect(footer.toString("latin1")).toBe("conectix");
  }
}
