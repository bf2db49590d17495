import { randomUUID } from "node:crypto";
import { TableClient } from "@azure/data-tables";
import { beforeAll, describe, expect, it } from "vitest";
import { createRecordStore } from "../../shared/azure/storage/record-store.ts";
import { CorruptRecordError } from "../../shared/errors.ts";
import { makeRecord } from "../factories.ts";
import { createFakeRecordStore } from "../fakes/record-store.ts";
import { leaseTestStorage, type TestStorage } from "./azurite.ts";
import { recordStoreContract } from "./record-store.contract.ts";

describe("the fake record store", () => {
  recordStoreContract(async () => createFakeRecordStore());
});

describe("the record store on Azurite", () => {
  let storage: TestStorage;
  beforeAll(async () => {
    storage = leaseTestStorage();
  });

  const makeTable = async (): Promise<TableClient> => {
    const name = `t${randomUUID().replaceAll("-", "")}`;
    const options = { allowInsecureConnection: true };
    const table = TableClient.fromConnectionString(storage.connectionString, name, options);
    await table.createTable();
    return table;
  };

  recordStoreContract(async () => createRecordStore(await makeTable()));

  it("reports a record that it cannot read", async () => {
    const table = await makeTable();
    await table.createEntity({ partitionKey: "requests", rowKey: "r:abc", json0: "{}", chunks: 1 });
    await expect(createRecordStore(table).get("abc")).rejects.toThrow(CorruptRecordError);
  });

  it("reads no more rows for the first page of a hundred records than of ten", async () => {
    const table = await makeTable();
    const store = createRecordStore(table);
    const countReads = async (): Promise<number> => {
      let reads = 0;
      const policy = {
        name: "count-reads",
        sendRequest: async (request: never, next: (request: never) => Promise<never>) => {
          reads += 1;
          return next(request);
        },
      };
      table.pipeline.addPolicy(policy);
      await store.list({ limit: 5 });
      table.pipeline.removePolicy({ name: policy.name });
      return reads;
    };
    const fill = async (from: number, to: number): Promise<void> => {
      for (let index = from; index < to; index++)
        await store.create(makeRecord({ requestId: `r${index}` }));
    };
    await fill(0, 10);
    const few = await countReads();
    await fill(10, 100);
    expect(await countReads()).toBe(few);
    expect(few).toBe(6);
  });

  it("passes on an error of the table service that is not about the record", async () => {
    const missing = TableClient.fromConnectionString(storage.connectionString, "noSuchTable", {
      allowInsecureConnection: true,
    });
    const store = createRecordStore(missing);
    await expect(store.create(makeRecord({}))).rejects.toMatchObject({ statusCode: 404 });
  });
});
