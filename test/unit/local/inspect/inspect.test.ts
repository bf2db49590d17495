import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  buildSampleVhd,
  GIB,
  readImage,
  writeSparseFile,
} from "../../../../local/sample-vhds/index.ts";
import { NOW } from "../../../factories.ts";

const SCRIPT = fileURLToPath(new URL("../../../../local/inspect.ts", import.meta.url));
const SECRET = "sig=verysecret";
const VHD = buildSampleVhd("linux-gen2", {
  virtualSizeBytes: GIB,
  uuid: "8f14e45f-ceea-467f-9575-6f1c6f4b3a10",
  createdAt: NOW,
});

let folder = "";
let server: Server;
let origin = "";
let seen: IncomingMessage[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inspect-"));
  await writeSparseFile(join(folder, "web.vhd"), VHD);
  server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A blob service for one VHD, in three kinds of blobs, and one that changes after the first look. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  seen.push(request);
  const [, name = ""] = /^\/uploads\/(\w+)\.vhd\?/.exec(request.url ?? "") ?? [];
  if (name === "") return void response.writeHead(404).end();
  if (name === "secret") return void response.writeHead(403).end();
  const type = name === "block" ? "BlockBlob" : "PageBlob";
  const headers = { etag: '"0x1"', "x-ms-blob-type": type };
  if (request.method === "HEAD") {
    return void response.writeHead(200, { ...headers, "content-length": VHD.sizeBytes }).end();
  }
  if (name === "changing") return void response.writeHead(412).end();
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const bytes = readImage(VHD, Number(from), Number(to) - Number(from) + 1);
  response.writeHead(206, headers).end(bytes);
}

async function run(...args: readonly string[]) {
  seen = [];
  return runIn({}, ...args);
}

async function runIn(environment: NodeJS.ProcessEnv, ...args: readonly string[]) {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [SCRIPT, ...args], { env });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const [code] = await once(child, "close");
  return { code, ...output };
}

describe("npm run inspect", () => {
  it("prints a table, and ends with 0 for a disk that Azure would take", async () => {
    const { code, stdout, stderr } = await run(join(folder, "web.vhd"));

    expect(stdout).toBe(
      [
        "disk             web.vhd",
        "format           fixed VHD",
        "virtual size     1 GiB",
        "partition table  GPT",
        "generation       V2 (confidence high)",
        "system           Linux (confidence high)",
        "architecture     x64",
        "because          UEFI only: EFI system partition, no BIOS boot code",
        "because          Linux: ext4, nothing of Windows",
        "because          x64: name of the loader in \\EFI\\BOOT",
        "Azure            would take it",
        "",
        "#  PARTITION         SIZE     FILE SYSTEM  LABEL",
        "1  EFI system        256 MiB  FAT32        EFI",
        "2  Linux filesystem  766 MiB  ext4         rootfs",
        "",
      ].join("\n"),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("prints JSON, and ends with 1 for a disk that Azure would not take", async () => {
    const path = join(folder, "packed.vhd");
    await writeFile(path, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]));

    const { code, stdout } = await run(path, "--json", "--data");

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      format: "gzip",
      problem: { code: "InvalidVhd", message: "is a gzip file, not a VHD" },
    });
  });

  it("finds a file from the folder in which npm was called", async () => {
    const npm = { npm_lifecycle_event: "inspect", INIT_CWD: folder };

    expect(await runIn(npm, "web.vhd")).toMatchObject({ code: 0, stderr: "" });
  });

  it("prints no control characters of a file's name", async () => {
    const path = join(folder, "a\u001b[31m.vhd");
    await writeFile(path, "x");

    const { stdout } = await run(path);

    expect(stdout).toContain("disk             a?[31m.vhd\n");
  });

  it("reads a blob by ranges of one version, and does not show its SAS", async () => {
    const { code, stdout, stderr } = await run(`${origin}/uploads/web.vhd?${SECRET}`);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`disk             ${origin}/uploads/web.vhd\n`);
    expect(stdout).not.toContain("verysecret");
    const gets = seen.filter(({ method }) => method === "GET");
    expect(gets.length).toBeLessThanOrEqual(12);
    expect(gets.map(({ headers }) => headers["if-match"])).toEqual(gets.map(() => '"0x1"'));
    expect(gets.every(({ url }) => url?.endsWith(SECRET))).toBe(true);
  });

  it("ends with 1 for a block blob, whatever is in it", async () => {
    const { code, stdout } = await run(`${origin}/uploads/block.vhd?${SECRET}`);

    expect(code).toBe(1);
    expect(stdout).toContain("would not take it: it is a block blob; a VHD must be a page blob");
  });

  it.each([
    ["secret", "reading is not allowed (403): add a SAS with the right to read to the URL"],
    ["changing", "the blob changed while it was read (412); try again"],
  ])("ends with 2 for the blob %s, without its SAS", async (name, reason) => {
    const { code, stdout, stderr } = await run(`${origin}/uploads/${name}.vhd?${SECRET}`);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(`${origin}/uploads/${name}.vhd: ${reason}\n`);
  });

  it("ends with 2 for a server that cannot be reached, without the SAS", async () => {
    const { code, stderr } = await run(`http://127.0.0.1:1/uploads/web.vhd?${SECRET}`);

    expect(code).toBe(2);
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:1\/uploads\/web\.vhd cannot be reached: /);
    expect(stderr).not.toContain("verysecret");
  });

  it.each([
    [["no-such-file.vhd"], /^no-such-file\.vhd cannot be opened: ENOENT\n$/],
    [[tmpdir()], /is no regular file\n$/],
    [["http://"], /^this is no URL\n$/],
    [[], /^one file or URL is needed\n/],
    [["a.vhd", "b.vhd"], /^one file or URL is needed\n/],
    [["a.vhd", "--generation", "V3"], /^--generation is V1 or V2\n/],
    [["a.vhd", "--nonsense"], /nonsense/],
  ])("ends with 2 and says why for %j", async (args, text) => {
    const { code, stderr } = await run(...args);

    expect(code).toBe(2);
    expect(stderr).toMatch(text);
  });

  it("explains itself", async () => {
    expect(await run("--help")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("npm run --silent inspect -- FILE|URL"),
    });
  });
});
