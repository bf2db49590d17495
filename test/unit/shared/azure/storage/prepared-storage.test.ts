import { describe, expect, it } from "vitest";
import { prepareStorage } from "../../../../../shared/azure/storage/prepared-storage.ts";
import type { StorageClients } from "../../../../../shared/azure/storage/storage-clients.ts";

const settings = {
  uploadsContainer: "uploads",
  convertedContainer: "converted",
  workQueue: "work",
  convertQueue: "convert",
  statusQueue: "status",
};

/** Clients that note what is created; each creation ends when `create` does. */
function prepare(create: (what: string) => Promise<void>) {
  const created: string[] = [];
  const reported: string[] = [];
  const make = async (what: string): Promise<void> => {
    await create(what);
    created.push(what);
  };
  const clients = {
    blobs: async () => ({
      getContainerClient: (name: string) => ({ createIfNotExists: () => make(name) }),
    }),
    queues: async () => ({
      getQueueClient: (name: string) => ({ createIfNotExists: () => make(name) }),
    }),
    table: async () => ({ createTable: () => make("table") }),
  } as unknown as StorageClients;
  const storage = prepareStorage(clients, settings, (what) => reported.push(what));
  return { storage, created, reported };
}

describe("prepareStorage", () => {
  it("gives a client out after what it is for is there, created once", async () => {
    const { storage, created } = prepare(() => new Promise((resolve) => setImmediate(resolve)));

    await Promise.all([storage.blobs(), storage.blobs()]);
    expect(created).toEqual(["uploads", "converted"]);
    await storage.queues();
    expect(created).toEqual(["uploads", "converted", "work", "convert", "status"]);
    await storage.table();
    expect(created.at(-1)).toBe("table");
  });

  it("gives a client out all the same when that cannot be created, and says so", async () => {
    const { storage, created, reported } = prepare(async () => {
      throw new Error("403");
    });

    await expect(storage.table()).resolves.toBeDefined();
    expect({ created, reported }).toEqual({ created: [], reported: ["request table"] });
  });
});
