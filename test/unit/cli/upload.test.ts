import { createHash } from "node:crypto";
import { utimesSync } from "node:fs";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
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
import { buildVhd, MIB } from "./build-vhd.ts";
import { runCommand } from "./run-command.ts";
import { startScriptedApp } from "./scripted-app.ts";

const VHD = buildVhd([
  ["a", 5],
  [null, 11],
  ["b", 8],
]);

let folder = "";
let environment: Record<string, string> = {};
let container: ContainerClient;
let proxy: FaultProxy;
let exchanges: StorageExchange[] = [];
/** Called for each request that storage answered. */
let onExchange: (exchange: StorageExchange) => void = () => {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "upload-"));
  const { account, roots, connectionString } = leaseAccount();
  container =
    BlobServiceClient.fromConnectionString(connectionString).getContainerClient("uploads");
  await container.create();
  proxy = await startFaultProxy(roots, (exchange) => {
    exchanges.push(exchange);
    onExchange(exchange);
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
const isPutPage = ({ path }: StorageExchange) => /comp=page(?:&|$)/.test(path);
const pagesSent = () => exchanges.filter(isPutPage).length;
const read = (name: string) => container.getBlobClient(name).downloadToBuffer();
const properties = (name: string) => container.getBlobClient(name).getProperties();

async function write(name: string, bytes: Uint8Array = VHD): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return name;
}

/** Interrupts the command when storage has answered so many Put Page requests. */
function interruptAfter(pages: number): { signal: AbortSignal } {
  const abort = new AbortController();
  onExchange = () => {
    if (pagesSent() >= pages) abort.abort();
  };
  return { signal: abort.signal };
}

describe("an upload", () => {
  it("is byte for byte the file, skips zeros, and bears the marks of its end", async () => {
    const { code, stdout, stderr } = await upload([await write("web.vhd"), "--os-type", "linux"]);

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining("11 MiB of zeros skipped"),
    });
    expect(stdout).toMatch(/^[a-z2-7]{20}\n$/);
    expect((await read("web.vhd")).equals(VHD)).toBe(true);
    expect(pagesSent()).toBe(5);
    const { metadata = {}, contentMD5, blobType } = await properties("web.vhd");
    expect(blobType).toBe("PageBlob");
    expect(metadata).toMatchObject({ ostype: "Linux", uploadcomplete: "true" });
    expect(metadata).not.toHaveProperty("diskmetadata");
    expect(Buffer.from(contentMD5 ?? [])).toEqual(createHash("md5").update(VHD).digest());
  });

  it("names a missing file before a missing app", async () => {
    const args = ["upload", "nope.vhd"];
    const { code, stderr } = await runCommand(args, { environment: {}, folder });

    expect(code).toBe(2);
    expect(stderr).toContain("nope.vhd cannot be read: the file does not exist");
    expect(stderr).not.toContain("The address of the app is missing");
  });

  it("sends nothing when the app refuses the key", async () => {
    const app = await startScriptedApp();
    const refused = { ...environment, VHD_TO_IMAGE_URL: app.url, VHD_TO_IMAGE_KEY: "wrong" };
    try {
      const args = ["upload", await write("key.vhd"), "--os-type", "Linux"];
      const { code, stderr } = await runCommand(args, { environment: refused, folder });

      expect({ code, stderr }).toEqual({
        code: 3,
        stderr: expect.stringContaining("refused the key (401)"),
      });
      expect(exchanges).toEqual([]);
    } finally {
      app.close();
    }
  });

  it("has no line wider than the terminal, except commands", async () => {
    let text = "";
    const stderr = {
      write: (part: string) => {
        text += part;
      },
      isTTY: true,
      columns: 60,
    };
    const name = await write(`${"long-".repeat(9)}name.vhd`);
    await upload([name], { stderr });

    expect(text).toContain("zeros skipped");
    const lines = stripVTControlCharacters(text).split(/[\r\n]+/);
    const wide = lines.filter((line) => line.length > 60 && !line.startsWith("  "));
    expect(wide).toEqual([]);
  });

  it("sends a checksum with each range", async () => {
    await upload([await write("sums.vhd")]);

    const pages = exchanges.filter(isPutPage);
    expect(pages.map(({ headers }) => headers["content-md5"])).toEqual(
      pages.map(() => expect.stringMatching(/^[\w+/]{22}==$/)),
    );
  });

  it("is not begun when Azure would refuse the disk", async () => {
    await write("short.vhd", VHD.subarray(0, 12 * MIB));
    const { code, stdout, stderr } = await upload([await write("good.vhd"), "short.vhd"]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^short\.vhd .*Azure would refuse it, so nothing was uploaded\.\n/ms);
    expect(exchanges).toEqual([]);
  });

  it("sends nothing with --dry-run", async () => {
    const args = [await write("dry.vhd"), "--data", `1=${await write("dry1.vhd")}`, "--dry-run"];
    const { code, stdout } = await upload(args);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^dry1\.vhd → dry1\.vhd \(data disk[\s\S]*dry\.json, last:/);
    expect(exchanges).toEqual([]);
  });

  it("writes the manifest last", async () => {
    await upload([await write("m.vhd"), "--data", `0=${await write("m0.vhd")}`]);

    const writes = exchanges.filter(({ method }) => method === "PUT").map(({ path }) => path);
    expect(writes.at(-1)).toMatch(/\/uploads\/m\.json\?/);
    expect(writes.filter((path) => path.includes("m.json"))).toHaveLength(1);
  });

  it("tells how to sign in where there is no account", async () => {
    const args = ["upload", await write("web.vhd"), "--no-wait"];
    expect(await runCommand(args, { folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("export VHD_TO_IMAGE_ACCOUNT="),
    });
  });

  it("does not show a part of a connection string that is wrong", async () => {
    const text = "AccountName=x;AccountKey=c2VjcmV0;Nonsense";
    const result = await upload([await write("web.vhd")], {
      environment: { AZURE_STORAGE_CONNECTION_STRING: text },
    });
    expect(result.code).toBe(2);
    expect(result.stderr).not.toContain("c2VjcmV0");
  });
});

describe("an interrupted upload", () => {
  it("says how to go on, is marked as unfinished, and is resumed by the same command", async () => {
    await write("pause me.vhd");
    const stopped = await upload(
      ["pause me.vhd", "--name", "pause-me", "--concurrency", "1"],
      interruptAfter(2),
    );

    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain(
      "vhd-to-image upload 'pause me.vhd' --name pause-me --concurrency 1 --no-wait\n",
    );
    const { metadata = {}, contentMD5 } = await properties("pause me.vhd");
    expect(metadata).toHaveProperty("diskmetadata");
    expect(metadata).not.toHaveProperty("uploadcomplete");
    expect(contentMD5).toBeUndefined();

    exchanges = [];
    onExchange = () => {};
    const { code, stderr } = await upload(["pause me.vhd", "--name", "pause-me"]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining("5 MiB uploaded before"),
    });
    expect(pagesSent()).toBe(3);
    expect((await read("pause me.vhd")).equals(VHD)).toBe(true);
  });

  it("sends a range again whole of which a part arrived", async () => {
    await write("half.vhd");
    await upload(["half.vhd", "--concurrency", "1"], interruptAfter(1));
    await container.getPageBlobClient("half.vhd").clearPages(MIB, MIB);

    onExchange = () => {};
    expect((await upload(["half.vhd"])).code).toBe(0);
    expect((await read("half.vhd")).equals(VHD)).toBe(true);
  });

  it("writes zeros over pages that were written where the file has zeros", async () => {
    await write("stale.vhd");
    await upload(["stale.vhd", "--concurrency", "1"], interruptAfter(1));
    await container.getPageBlobClient("stale.vhd").uploadPages(Buffer.alloc(512, 7), 12 * MIB, 512);

    onExchange = () => {};
    expect((await upload(["stale.vhd"])).code).toBe(0);
    expect((await read("stale.vhd")).equals(VHD)).toBe(true);
  });

  it("is not marked as complete when the file changes meanwhile", async () => {
    const name = await write("moving.vhd");
    onExchange = (exchange) => {
      if (isPutPage(exchange)) utimesSync(join(folder, name), 1, 1);
    };
    expect(await upload([name])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${name} changed while it was uploaded`),
    });
    const { metadata = {}, contentMD5 } = await properties(name);
    expect(metadata).not.toHaveProperty("uploadcomplete");
    expect(contentMD5).toBeUndefined();
  });

  it("is refused when the file is another one by now, unless it is to be replaced", async () => {
    await write("moved.vhd");
    await upload(["moved.vhd", "--concurrency", "1"], interruptAfter(1));
    onExchange = () => {};
    const later = new Date(Date.now() + 60_000);
    await utimes(join(folder, "moved.vhd"), later, later);

    const refused = await upload(["moved.vhd"]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("add --overwrite") });
    expect(await upload(["moved.vhd", "--overwrite"])).toMatchObject({ code: 0 });
    expect((await read("moved.vhd")).equals(await readFile(join(folder, "moved.vhd")))).toBe(true);
  });
});

describe("an upload to a blob that exists", () => {
  it("is refused for somebody else's, whatever kind it is", async () => {
    await container.getBlockBlobClient("other.vhd").upload("precious", 8);
    expect(await upload([await write("other.vhd")])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("The blob other.vhd exists already"),
    });
    expect((await read("other.vhd")).toString()).toBe("precious");
  });

  it("sends nothing again that is complete, and names the same request", async () => {
    const args = [await write("twice.vhd"), "--data", `1=${await write("twice1.vhd")}`];
    const first = await upload(args);
    exchanges = [];
    const second = await upload(args);

    expect(second).toMatchObject({ code: 0, stdout: first.stdout });
    expect(pagesSent()).toBe(0);
  });

  it("asks for --overwrite when the options are others", async () => {
    await upload([await write("options.vhd")]);
    const args = ["options.vhd", "--os-state", "Specialized"];
    expect(await upload(args)).toMatchObject({ code: 1 });
    expect(await upload([...args, "--overwrite"])).toMatchObject({ code: 0 });
    expect((await properties("options.vhd")).metadata).toMatchObject({ osstate: "Specialized" });
  });

  it("sends nothing again for a manifest, whatever the metadata of the blob say", async () => {
    await upload([await write("described.vhd"), "--os-state", "Specialized"]);
    exchanges = [];
    expect(await upload(["described.vhd", "--data", `1=${await write("more.vhd")}`])).toMatchObject(
      {
        code: 0,
        stderr: expect.stringContaining("described.vhd was uploaded before"),
      },
    );
    expect(exchanges.filter(({ path }) => /described\.vhd.*comp=page/.test(path))).toEqual([]);
  });
});
