import { BlobServiceClient } from "@azure/storage-blob";
import { expect, it } from "vitest";
import { createBlobStore } from "../../shared/azure/storage/blob-store.ts";
import { leaseAccount } from "../storage/lease.ts";

const PAGE = 1000;

it("a container is listed page by page", async () => {
  const service = BlobServiceClient.fromConnectionString(leaseAccount().connectionString);
  const { containerClient } = await service.createContainer("many");
  const names = Array.from({ length: PAGE + 5 }, (_, index) => `b${index}.json`);
  await Promise.all(names.map((name) => containerClient.getBlockBlobClient(name).upload("", 0)));
  const store = createBlobStore(service);
  const first = await store.list("many", {});
  const second = await store.list("many", { cursor: first.cursor });
  expect([first.blobs.length, second.blobs.length, second.cursor]).toEqual([PAGE, 5, null]);
});
