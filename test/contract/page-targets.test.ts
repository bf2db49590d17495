import { randomUUID } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createOneTryBlobClient } from "../../shared/azure/storage/blob-client.ts";
import { createPageTargets } from "../../shared/azure/storage/page-targets.ts";
import { createSourceAccess } from "../../shared/azure/storage/source-access.ts";
import type { PageTargets } from "../../shared/page-targets.ts";
import { createFakeBlobStore } from "../fakes/blob-store.ts";
import { createFakeClock } from "../fakes/clock.ts";
import { createFakePageTargets } from "../fakes/page-targets.ts";
import { type LeasedAccount, leaseAccount } from "../storage/lease.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

interface TargetsUnderTest {
  readonly targets: PageTargets;
  readonly container: string;
  /** Writes a block blob and returns its ETag. */
  putBytes(name: string, bytes: Uint8Array): Promise<string>;
  read(name: string): Promise<Uint8Array>;
  /** The next copy to the target fails so. */
  strike(fault: "busy" | "firewall", target: string): Promise<void>;
}

const content = Uint8Array.from({ length: 8 * KIB }, (_, at) => (at * 7 + (at >> 8)) % 251);

function pageTargetsContract(make: () => Promise<TargetsUnderTest>): void {
  let under: TargetsUnderTest;
  beforeEach(async () => {
    under = await make();
  });
  const ref = (name: string) => ({ container: under.container, name });
  const target = () => ref("target.vhd");
  const create = () =>
    under.targets.create(target(), { length: MIB, metadata: { madeby: "a test" } });
  const copyOf = (etag: string, name = "disk.vhdx") =>
    under.targets.copy(target(), {
      offset: 4096,
      count: 1024,
      source: { ref: ref(name), etag, offset: 512 },
    });

  it("creates a blob of zeros once", async () => {
    expect(await create()).toBe(true);
    expect(await create()).toBe(false);
    expect(await under.targets.countWritten(target())).toBe(0);
    expect(await under.read("target.vhd")).toEqual(new Uint8Array(MIB));
  });

  it("copies a part of a blob of the same account, and writes pages", async () => {
    const etag = await under.putBytes("disk.vhdx", content);
    await create();
    await copyOf(etag);
    await under.targets.write(target(), 8192, content.subarray(0, 512));
    const expected = new Uint8Array(MIB);
    expected.set(content.subarray(512, 1536), 4096);
    expected.set(content.subarray(0, 512), 8192);
    expect(await under.read("target.vhd")).toEqual(expected);
    expect(await under.targets.countWritten(target())).toBe(1536);
    await copyOf(etag);
    expect(await under.targets.countWritten(target())).toBe(1536);
  });

  it("does not copy a source of another version", async () => {
    const etag = await under.putBytes("disk.vhdx", content);
    await under.putBytes("disk.vhdx", content);
    await create();
    await expect(copyOf(etag)).rejects.toMatchObject({ problem: "source-changed" });
  });

  it("does not copy a source that does not exist; storage may look at either of the two first", async () => {
    await create();
    await expect(copyOf('"0x1"', "none.vhdx")).rejects.toMatchObject({
      problem: expect.stringMatching(/^source-(?:changed|unreadable)$/),
    });
  });

  it("says that a target is gone", async () => {
    const etag = await under.putBytes("disk.vhdx", content);
    await expect(copyOf(etag)).rejects.toMatchObject({ problem: "target-gone" });
    await expect(under.targets.write(target(), 0, content)).rejects.toMatchObject({
      problem: "target-gone",
    });
    await expect(under.targets.countWritten(target())).rejects.toMatchObject({
      problem: "target-gone",
    });
  });

  it("says that storage is busy, or that a firewall keeps it from the source", async () => {
    const etag = await under.putBytes("disk.vhdx", content);
    await create();
    await under.strike("busy", "target.vhd");
    await expect(copyOf(etag)).rejects.toMatchObject({ problem: "busy" });
    await under.strike("firewall", "target.vhd");
    await expect(copyOf(etag)).rejects.toMatchObject({ problem: "source-unreadable" });
  });

  it("removes a blob, and does nothing when it is not there", async () => {
    await create();
    await under.targets.remove(target());
    await under.targets.remove(target());
    expect(await create()).toBe(true);
  });
}

describe("the fake page targets", () => {
  pageTargetsContract(async () => {
    const container = "converted";
    const blobs = createFakeBlobStore(createFakeClock().now);
    const targets = createFakePageTargets(blobs);
    const ref = (name: string) => ({ container, name });
    return {
      targets,
      container,
      async putBytes(name, bytes) {
        blobs.putBytes(ref(name), bytes);
        return blobs.etagOf(ref(name));
      },
      async read(name) {
        const blob = await blobs.getProperties(ref(name));
        const range = { offset: 0, count: blob?.length ?? 0, etag: blob?.etag ?? "" };
        return blobs.read(ref(name), range);
      },
      async strike(fault) {
        targets.onCall = () => {
          targets.onCall = () => null;
          return fault === "busy" ? "busy" : "source-unreadable";
        };
      },
    };
  });
});

describe("page targets on Azurite behind its front", () => {
  let leased: LeasedAccount;
  let service: BlobServiceClient;
  let targets: PageTargets;
  beforeAll(() => {
    leased = leaseAccount("front");
    const { connectionString } = leased;
    const access = { kind: "connectionString", connectionString } as const;
    service = BlobServiceClient.fromConnectionString(connectionString);
    targets = createPageTargets(createOneTryBlobClient(access), createSourceAccess(access));
  });

  pageTargetsContract(async () => {
    const container = `c${randomUUID()}`;
    const client = service.getContainerClient(container);
    await client.create();
    return {
      targets,
      container,
      async putBytes(name, bytes) {
        const { etag } = await client.getBlockBlobClient(name).upload(bytes, bytes.length);
        return etag ?? "";
      },
      read: async (name) => new Uint8Array(await client.getBlobClient(name).downloadToBuffer()),
      async strike(fault, name) {
        const path = `/${leased.account.name}/${container}/${name}`;
        const body = JSON.stringify({ plan: [{ fault, path }] });
        await fetch(`${leased.roots.blob}/_front/faults`, { method: "POST", body });
      },
    };
  });

  it("names neither token nor signature in an error", async () => {
    const access = {
      kind: "identity",
      blobServiceUri: leased.endpoints.blob,
      queueServiceUri: leased.endpoints.queue,
      tableServiceUri: leased.endpoints.table,
      credential: { getToken: async () => ({ token: "s3cret", expiresOnTimestamp: 0 }) },
    } as const;
    const byToken = createPageTargets(
      createOneTryBlobClient({
        kind: "connectionString",
        connectionString: leased.connectionString,
      }),
      createSourceAccess(access),
    );
    for (const each of [targets, byToken]) {
      const source = { ref: { container: "none", name: "none" }, etag: '"1"', offset: 0 };
      const ref = { container: "none", name: "target" };
      const error: unknown = await each
        .copy(ref, { offset: 0, count: 512, source })
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Error);
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(
        /sig=|s3cret|http/,
      );
      expect((error as Error).cause).toBeUndefined();
    }
  });

  it("copies by the app's own token", async () => {
    const container = `c${randomUUID()}`;
    const client = service.getContainerClient(container);
    await client.create();
    const { etag = "" } = await client.getBlockBlobClient("disk").upload(content, content.length);
    const {
      blob: blobServiceUri,
      queue: queueServiceUri,
      table: tableServiceUri,
    } = leased.endpoints;
    const credential = { getToken: async () => ({ token: "s3cret", expiresOnTimestamp: 0 }) };
    const access = {
      kind: "identity",
      blobServiceUri,
      queueServiceUri,
      tableServiceUri,
      credential,
    };
    const byToken = createPageTargets(
      createOneTryBlobClient({
        kind: "connectionString",
        connectionString: leased.connectionString,
      }),
      createSourceAccess({ ...access, kind: "identity" }),
    );
    const ref = { container, name: "target.vhd" };
    await byToken.create(ref, { length: MIB, metadata: {} });
    const source = { ref: { container, name: "disk" }, etag, offset: 0 };
    await byToken.copy(ref, { offset: 0, count: 512, source });
    const copied = await client.getBlobClient("target.vhd").downloadToBuffer(0, 512);
    expect(new Uint8Array(copied)).toEqual(content.subarray(0, 512));
  });
});
