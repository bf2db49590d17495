import { BlobServiceClient } from "@azure/storage-blob";
import { expect, it } from "vitest";
import { createBlobStore } from "../../shared/azure/storage/blob-store.ts";
import { leaseAccount } from "../storage/lease.ts";

const PAGE = 5000;

it("a container is listed page by page", async () => {
  const service = BlobServiceClient.fromConnectionString(leaseAccount().connectionString);
  const { containerClient } = await service.createContainer("many");
  const names = Array.from({ length: PAGE + 5 }, (_, index) => `b${index}.json`);
  for (let start = 0; start < names.length; start += 100) {
    const some = names.slice(start, start + 100);
    await Promise.all(some.map((name) => containerClient.getBlockBlobClient(name).upload("", 0)));
  }
  const store = createBlobStore(service);
  const first = await store.list("many", {});
  const second = await store.list("many", { cursor: first.cursor });
  expect([first.blobs.length, second.blobs.length, second.cursor]).toEqual([PAGE, 5, null]);
});
