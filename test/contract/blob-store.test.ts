import { randomUUID } from "node:crypto";
import type { BlobServiceClient } from "@azure/storage-blob";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createBlobClient } from "../../shared/azure/storage/blob-client.ts";
import { createBlobStore } from "../../shared/azure/storage/blob-store.ts";
import { BlobChangedError } from "../../shared/errors.ts";
import type { BlobStore } from "../../shared/ports.ts";
import { createFakeBlobStore } from "../fakes/blob-store.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { makeFooter, VHD_BYTES } from "../fakes/vhd.ts";
import { leaseTestStorage, type TestStorage } from "./azurite.ts";

/** Of the stores under test: few, so that a listing has several pages. */
const PAGE_SIZE = 3;

/** A blob store and the hand that writes to it. */
interface BlobStoreUnderTest {
  readonly store: BlobStore;
  readonly container: string;
  putText(name: string, text: string): Promise<void>;
  putVhd(name: string, metadata?: Record<string, string>): Promise<void>;
  touch(name: string): Promise<void>;
  putPages(name: string, offset: number, count: number): Promise<void>;
  /** A lease of some seconds; -1 for one without end. */
  lease(name: string, seconds: number): Promise<void>;
}

function blobStoreContract(make: () => Promise<BlobStoreUnderTest>): void {
  let under: BlobStoreUnderTest;
  beforeEach(async () => {
    under = await make();
  });
  const refTo = (name: string) => ({ container: under.container, name });

  it("answers null for a blob that is not there", async () => {
    expect(await under.store.getProperties(refTo("none.vhd"))).toBeNull();
  });

  it("describes a page blob by its allocated length", async () => {
    await under.putVhd("os.vhd", { ostype: "Linux" });
    expect(await under.store.getProperties(refTo("os.vhd"))).toMatchObject({
      container: under.container,
      name: "os.vhd",
      type: "PageBlob",
      length: VHD_BYTES,
      metadata: { ostype: "Linux" },
      copyStatus: null,
    });
  });

  it("gives a new ETag with every write", async () => {
    await under.putVhd("os.vhd");
    const before = await under.store.getProperties(refTo("os.vhd"));
    await under.touch("os.vhd");
    const after = await under.store.getProperties(refTo("os.vhd"));
    expect(after?.etag).not.toBe(before?.etag);
    expect(after?.createdOn).toEqual(before?.createdOn);
  });

  it("reads the end of a blob by its ETag", async () => {
    await under.putVhd("os.vhd");
    const etag = (await under.store.getProperties(refTo("os.vhd")))?.etag ?? "";
    const range = { offset: VHD_BYTES - 512, count: 512, etag };
    expect(new Uint8Array(await under.store.read(refTo("os.vhd"), range))).toEqual(makeFooter());
  });

  it("refuses to read a blob that changed, and one that is gone", async () => {
    await under.putVhd("os.vhd");
    const etag = (await under.store.getProperties(refTo("os.vhd")))?.etag ?? "";
    await under.touch("os.vhd");
    const range = { offset: 0, count: 512, etag };
    await expect(under.store.read(refTo("os.vhd"), range)).rejects.toThrow(BlobChangedError);
    await expect(under.store.read(refTo("gone.vhd"), range)).rejects.toThrow(BlobChangedError);
  });

  it("lists by prefix, with the ETag and metadata that a look at the blob gives", async () => {
    await under.putVhd("web.lun1.vhd", { caching: "None" });
    await under.putVhd("web.vhd");
    await under.putText("web.json", "{}");
    const all = await under.store.list(under.container, {});
    expect(all.blobs.map(({ name }) => name)).toEqual(["web.json", "web.lun1.vhd", "web.vhd"]);
    const { blobs } = await under.store.list(under.container, { prefix: "web.lun" });
    const { readAt: _, ...alone } = (await under.store.getProperties(refTo("web.lun1.vhd"))) ?? {
      readAt: null,
    };
    expect(blobs).toEqual([expect.objectContaining(alone)]);
  });

  it("lists page by page", async () => {
    const names = Array.from({ length: 2 * PAGE_SIZE + 1 }, (_, index) => `b${index}.json`);
    for (const name of names) await under.putText(name, "{}");
    const pages: string[][] = [];
    let cursor: string | null | undefined;
    do {
      const page = await under.store.list(under.container, { ...(cursor && { cursor }) });
      pages.push(page.blobs.map(({ name }) => name));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(pages).toEqual([names.slice(0, 3), names.slice(3, 6), names.slice(6)]);
  });

  it("lists what was written of a page blob, merged, and no more ranges than requested", async () => {
    await under.putVhd("os.vhd");
    await under.putPages("os.vhd", 1024, 512);
    await under.putPages("os.vhd", 1536, 1024);
    const etag = (await under.store.getProperties(refTo("os.vhd")))?.etag ?? "";
    const list = (limit: number) => under.store.listPageRanges(refTo("os.vhd"), { etag, limit });
    const middle = { offset: 1024, count: 1536 };
    const footer = { offset: VHD_BYTES - 512, count: 512 };
    expect(await list(10)).toEqual({ ranges: [middle, footer], hasMore: false });
    const few = await list(1);
    expect(few.ranges).toHaveLength(1);
    expect(few.hasMore).toBe(true);
    const from = (offset: number) =>
      under.store.listPageRanges(refTo("os.vhd"), { etag, limit: 10, offset });
    expect(await from(1536)).toEqual({
      ranges: [{ offset: 1536, count: 1024 }, footer],
      hasMore: false,
    });
    expect(await from(2560)).toEqual({ ranges: [footer], hasMore: false });
  });

  it("lists no ranges of a blob that changed", async () => {
    await under.putVhd("os.vhd");
    const etag = (await under.store.getProperties(refTo("os.vhd")))?.etag ?? "";
    await under.touch("os.vhd");
    await expect(under.store.listPageRanges(refTo("os.vhd"), { etag, limit: 1 })).rejects.toThrow(
      BlobChangedError,
    );
  });

  it("tells a lease without end from one that ends, and from none", async () => {
    await under.putVhd("os.vhd");
    const lease = async () => (await under.store.getProperties(refTo("os.vhd")))?.lease;
    expect(await lease()).toBeNull();
    await under.lease("os.vhd", -1);
    expect(await lease()).toBe("infinite");
    const { blobs } = await under.store.list(under.container, {});
    expect(blobs.map((blob) => blob.lease)).toEqual(["infinite"]);
  });

  it("takes names with any characters", async () => {
    const name = "Ordner/Größe #1 100%?&+.json";
    await under.putText(name, "{}");
    expect(await under.store.getProperties(refTo(name))).toMatchObject({
      name,
      length: 2,
      type: "BlockBlob",
    });
  });
}

describe("the fake blob store", () => {
  blobStoreContract(async () => {
    const container = "uploads";
    const store = createFakeBlobStore(createFakeClock().now, PAGE_SIZE);
    return {
      store,
      container,
      putText: async (name, text) => store.putText({ container, name }, text),
      putVhd: async (name, metadata) => {
        store.createPageBlob({ container, name }, VHD_BYTES, metadata);
        store.writeFooter({ container, name }, makeFooter());
      },
      touch: async (name) => store.writePage({ container, name }),
      putPages: async (name, offset, count) =>
        store.putPages({ container, name }, offset, new Uint8Array(count).fill(1)),
      lease: async (name, seconds) =>
        store.setLease({ container, name }, seconds < 0 ? "infinite" : "fixed"),
    };
  });
});

describe("the blob store on Azurite", () => {
  let storage: TestStorage;
  let service: BlobServiceClient;
  beforeAll(async () => {
    storage = leaseTestStorage();
    const { connectionString } = storage;
    service = createBlobClient({ kind: "connectionString", connectionString });
  });

  const makeContainer = async () => {
    const container = `c${randomUUID()}`;
    await service.createContainer(container);
    return service.getContainerClient(container);
  };

  blobStoreContract(async () => {
    const container = await makeContainer();
    const writeFooter = (name: string) =>
      container.getPageBlobClient(name).uploadPages(makeFooter(), VHD_BYTES - 512, 512);
    return {
      store: createBlobStore(service, PAGE_SIZE),
      container: container.containerName,
      putText: async (name, text) => {
        await container.getBlockBlobClient(name).upload(text, text.length);
      },
      putVhd: async (name, metadata) => {
        await container.getPageBlobClient(name).create(VHD_BYTES, { metadata: metadata ?? {} });
        await writeFooter(name);
      },
      touch: async (name) => {
        await writeFooter(name);
      },
      putPages: async (name, offset, count) => {
        const pages = new Uint8Array(count).fill(1);
        await container.getPageBlobClient(name).uploadPages(pages, offset, count);
      },
      lease: async (name, seconds) => {
        await container.getBlobClient(name).getBlobLeaseClient().acquireLease(seconds);
      },
    };
  });

  it("describes and reads a blob whose metadata fill more headers than Node.js takes by default", async () => {
    const container = await makeContainer();
    const entries = Array.from({ length: 985 }, (_, index) => [`k${100 + index}`, "vv"]);
    const metadata = Object.fromEntries(entries);
    await container.getBlockBlobClient("many.json").upload("{}", 2, { metadata });

    const store = createBlobStore(service);
    const ref = { container: container.containerName, name: "many.json" };
    const blob = await store.getProperties(ref);
    expect(blob?.metadata).toEqual(metadata);
    const range = { offset: 0, count: 2, etag: blob?.etag ?? "" };
    expect(Buffer.from(await store.read(ref, range)).toString()).toBe("{}");
  });

  it("passes on errors that are not about the blob", async () => {
    const store = createBlobStore(service);
    const ref = { container: "Not A Container", name: "os.vhd" };
    await expect(store.getProperties(ref)).rejects.toThrow();
    await expect(store.read(ref, { offset: 0, count: 1, etag: '"x"' })).rejects.not.toThrow(
      BlobChangedError,
    );
  });
});
