import { createHash } from "node:crypto";
import { utimesSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CommandContext } from "../../../cli/command-context.ts";
import {
  type FaultProxy,
  type StorageExchange,
  startFaultProxy,
} from "../../../local/fault-proxy/index.ts";
import { formatConnectionString } from "../../../local/world/accounts.ts";
import { leaseAccount } from "../../storage/lease.ts";
import { MIB } from "./build-vhd.ts";
import { runCommand } from "./run-command.ts";

const PACKED = fileURLToPath(new URL("./convert/disk.qcow2.xz", import.meta.url));
/** Blocks of 4 MiB that a raw disk takes. */
const RAW_BLOCKS = 4;

let folder = "";
let environment: Record<string, string> = {};
let container: ContainerClient;
let proxy: FaultProxy;
let exchanges: StorageExchange[] = [];
let onExchange: () => void = () => {};
/** The fixed VHD that the packed disk becomes. */
let converted: Buffer;

/** A raw disk with one Linux partition in an MBR, and no block of zeros. */
function buildRaw(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes, createHash("sha512").update("raw").digest());
  bytes.fill(0, 0, 512);
  Buffer.from([0x80, 0, 0, 0, 0x83, 0, 0, 0]).copy(bytes, 446);
  bytes.writeUInt32LE(2048, 454);
  bytes.writeUInt32LE(sizeBytes / 512 - 2048, 458);
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "formats-"));
  const { account, roots, connectionString } = leaseAccount();
  container =
    BlobServiceClient.fromConnectionString(connectionString).getContainerClient("uploads");
  await container.create();
  proxy = await startFaultProxy(roots, (exchange) => {
    exchanges.push(exchange);
    onExchange();
  });
  const { blob, queue, table } = proxy.roots;
  const of = (root: string) => `${root}/${account.name}`;
  environment = {
    AZURE_STORAGE_CONNECTION_STRING: formatConnectionString(account, {
      blob: of(blob),
      queue: of(queue),
      table: of(table),
    }),
  };
  await copyFile(PACKED, join(folder, "disk.qcow2.xz"));
  await runCommand(["convert", "disk.qcow2.xz", "converted.vhd"], { folder });
  converted = await readFile(join(folder, "converted.vhd"));
  await writeFile(join(folder, "disk.img"), buildRaw(RAW_BLOCKS * 4 * MIB));
});
afterAll(async () => {
  await proxy.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  exchanges = [];
  onExchange = () => {};
});

const upload = (args: readonly string[], more: Partial<CommandContext> = {}) =>
  runCommand(["upload", ...args, "--no-wait"], { environment, folder, ...more });
const blocksSent = () => exchanges.filter(({ path }) => /comp=block(?:&|$)/.test(path));
const read = (name: string) => container.getBlobClient(name).downloadToBuffer();
const properties = (name: string) => container.getBlobClient(name).getProperties();

describe("a disk in another format", () => {
  it("is sent as it is, as a block blob with a checksum for each block and for the whole", async () => {
    const bytes = await readFile(join(folder, "disk.img"));
    const { code, stdout, stderr } = await upload(["disk.img", "--os-state", "Generalized"]);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^[a-z2-7]{20}\n$/);
    expect((await read("disk.img")).equals(bytes)).toBe(true);
    const { blobType, contentMD5, metadata } = await properties("disk.img");
    expect(blobType).toBe("BlockBlob");
    expect(Buffer.from(contentMD5 ?? [])).toEqual(createHash("md5").update(bytes).digest());
    expect(metadata).toMatchObject({ osstate: "Generalized", uploadcomplete: "true" });
    expect(blocksSent().map(({ headers }) => headers["content-md5"])).toEqual(
      Array(RAW_BLOCKS).fill(expect.stringMatching(/^[\w+/]{22}==$/)),
    );
  });

  it("does not exist before its end, and is resumed by the same command", async () => {
    await copyFile(join(folder, "disk.img"), join(folder, "pause.img"));
    const abort = new AbortController();
    onExchange = () => {
      if (blocksSent().length >= 2) abort.abort();
    };
    const args = ["pause.img", "--concurrency", "1"];
    const stopped = await upload(args, { signal: abort.signal });
    expect(stopped).toMatchObject({ code: 130, stderr: expect.stringContaining("To resume") });
    expect(await container.getBlobClient("pause.img").exists()).toBe(false);

    exchanges = [];
    onExchange = () => {};
    const { code, stderr } = await upload(args);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining("8 MiB uploaded before"),
    });
    expect(blocksSent()).toHaveLength(RAW_BLOCKS - 2);
    expect((await read("pause.img")).equals(await readFile(join(folder, "pause.img")))).toBe(true);
  });

  it("does not appear when the file changes meanwhile", async () => {
    await copyFile(join(folder, "disk.img"), join(folder, "moving.img"));
    onExchange = () => {
      if (blocksSent().length > 0) utimesSync(join(folder, "moving.img"), 1, 1);
    };
    expect(await upload(["moving.img"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("moving.img changed while it was uploaded"),
    });
    expect(await container.getBlobClient("moving.img").exists()).toBe(false);
  });

  it("is not sent again once it is there, and does not replace another blob", async () => {
    await copyFile(join(folder, "disk.img"), join(folder, "twice.img"));
    const first = await upload(["twice.img"]);
    exchanges = [];
    expect(await upload(["twice.img"])).toMatchObject({ code: 0, stdout: first.stdout });
    expect(blocksSent()).toEqual([]);

    await writeFile(join(folder, "twice.img"), buildRaw(12 * MIB));
    expect(await upload(["twice.img"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("add --overwrite"),
    });
    expect(await upload(["twice.img", "--overwrite"])).toMatchObject({ code: 0 });
    expect(await read("twice.img")).toHaveLength(12 * MIB);
  });

  it("is refused when it is packed, with what to add", async () => {
    expect(await upload(["disk.qcow2.xz"])).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^disk\.qcow2\.xz is packed by xz.*add --convert-here\.\n$/),
    });
    expect(exchanges).toEqual([]);
  });

  it("is refused when it is damaged or not a disk at all", async () => {
    await writeFile(join(folder, "text.vhdx"), "not a disk");
    expect(await upload(["text.vhdx"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.not.stringMatching(/[{}]/),
    });
    expect(exchanges).toEqual([]);
  });

  it("names how it is sent with --dry-run", async () => {
    expect((await upload(["disk.img", "--dry-run"])).stdout).toBe(
      "disk.img → disk.img (OS disk, block blob, which the app converts, 16 MiB)\n",
    );
    expect((await upload(["disk.qcow2.xz", "--convert-here", "--dry-run"])).stdout).toMatch(
      /^disk\.qcow2\.xz → disk\.vhd \(OS disk, page blob, converted here, /,
    );
  });
});

describe("a disk with --convert-here", () => {
  it("is the fixed VHD that convert makes, byte for byte, packed or not", async () => {
    expect(await upload(["disk.qcow2.xz", "--convert-here"])).toMatchObject({ code: 0 });
    expect((await read("disk.vhd")).equals(converted)).toBe(true);
    expect((await properties("disk.vhd")).blobType).toBe("PageBlob");
  });
});

describe("--gallery", () => {
  const manifestOf = async (path: string) => {
    const { code, stderr } = await upload(["disk.img", "--gallery", path, "--overwrite"]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return JSON.parse((await read("disk.json")).toString()) as Record<string, unknown>;
  };

  it.each([
    ["ubuntu", { definition: "ubuntu" }],
    ["images/ubuntu", { name: "images", definition: "ubuntu" }],
    ["images/ubuntu/1.auto", { name: "images", definition: "ubuntu", version: "1.auto" }],
  ])("%s becomes a block of the manifest, which is uploaded last", async (path, gallery) => {
    expect(await manifestOf(path)).toEqual({
      gallery,
      properties: { storageProfile: { osDisk: { blobUri: "disk.img" } } },
    });
    const writes = exchanges.filter(({ method }) => method === "PUT").map((call) => call.path);
    expect(writes.at(-1)).toContain("/disk.json");
  });

  it.each(["", "a/b/c/d", "/x", "a/", "a/b/", "a b"])("refuses %j", async (path) => {
    expect(await upload(["disk.img", "--gallery", path])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Example: --gallery images/ubuntu/1.auto"),
    });
  });
});
