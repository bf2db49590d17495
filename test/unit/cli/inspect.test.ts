import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildFooter } from "../../../local/sample-vhds/footer.ts";
import {
  buildSampleVhd,
  createSparseImage,
  GIB,
  readImage,
  writeSparseFile,
} from "../../../local/sample-vhds/index.ts";
import { NOW } from "../../factories.ts";
import { runCommand } from "./run-command.ts";

const SCRIPT = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));
const MIB = 1024 * 1024;
const SECRET = "sig=verysecret";
const VHD = buildSampleVhd("linux-gen2", {
  virtualSizeBytes: GIB,
  uuid: "8f14e45f-ceea-467f-9575-6f1c6f4b3a10",
  createdAt: NOW,
});

const BLANK_VHD = createSparseImage(8 * MIB + 512, [
  {
    offset: 8 * MIB,
    bytes: buildFooter({
      virtualSizeBytes: 8 * MIB,
      uuid: "8f14e45f-ceea-467f-9575-6f1c6f4b3a10",
      createdAt: NOW,
      type: "fixed",
    }),
  },
]);
const NOTHING = '<?xml version="1.0" encoding="utf-8"?><PageList />';
const SOMETHING =
  '<?xml version="1.0" encoding="utf-8"?><PageList><PageRange><Start>512</Start><End>1023</End></PageRange></PageList>';
/** Blank blobs, and what the service answers about their page ranges. */
const BLANK: Readonly<Record<string, readonly [status: number, body: string]>> = {
  blank: [200, NOTHING],
  zeroed: [200, SOMETHING],
  unlisted: [403, ""],
  elsewhere: [200, "<html></html>"],
};

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
  const image = name in BLANK ? BLANK_VHD : VHD;
  if (request.method === "HEAD") {
    return void response.writeHead(200, { ...headers, "content-length": image.sizeBytes }).end();
  }
  if (request.url?.includes("comp=pagelist")) {
    const [status, body] = BLANK[name] ?? [400, ""];
    return void response.writeHead(status, headers).end(body);
  }
  if (name === "changing") return void response.writeHead(412).end();
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const bytes = readImage(image, Number(from), Number(to) - Number(from) + 1);
  response.writeHead(206, headers).end(bytes);
}

async function run(...args: readonly string[]) {
  seen = [];
  return runIn("/nonexistent", ...args);
}

/** Runs the command in the test's own process, as main.ts does. */
async function runIn(cwd: string, ...args: readonly string[]) {
  return runCommand(["inspect", ...args], { folder: cwd });
}

describe("vhd-to-image inspect", () => {
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
        "Azure            would accept it",
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
    const env = { ...process.env, npm_lifecycle_event: "cli", INIT_CWD: folder };
    const child = spawn(process.execPath, [SCRIPT, "inspect", "web.vhd"], { env, stdio: "ignore" });

    expect((await once(child, "close"))[0]).toBe(0);
  });

  it("does not wait for a writer of a named pipe", async () => {
    const path = join(folder, "pipe.vhd");
    await once(spawn("mkfifo", [path]), "close");

    expect(await run(path)).toMatchObject({
      code: 2,
      stderr: `${path} is not a regular file.\n`,
    });
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

  it.each([
    ["blank", "the disk is empty: a machine made from the image gets an unformatted disk"],
    ["zeroed", "nothing is recognised on the disk: what was read of it is blank"],
    ["unlisted", "nothing is recognised on the disk: what was read of it is blank"],
    ["elsewhere", "nothing is recognised on the disk: what was read of it is blank"],
  ])("reports the page blob %s as the service lists its pages", async (name, text) => {
    const { code, stdout } = await run(`${origin}/uploads/${name}.vhd?${SECRET}`, "--data");

    expect(code).toBe(0);
    expect(stdout).toContain(`warning          ${text}`);
    const lists = seen.filter(({ url }) => url?.includes("comp="));
    expect(lists.map(({ url }) => url)).toEqual([
      `/uploads/${name}.vhd?${SECRET}&comp=pagelist&maxresults=1`,
    ]);
    expect(lists[0]?.headers).toMatchObject({
      "x-ms-range": `bytes=0-${8 * MIB - 1}`, // without the footer
      "if-match": '"0x1"',
    });
    expect(seen.filter(({ method }) => method === "GET").length).toBeLessThanOrEqual(12);
  });

  it("ends with 1 for a block blob, whatever is in it", async () => {
    const { code, stdout } = await run(`${origin}/uploads/block.vhd?${SECRET}`);

    expect(code).toBe(1);
    expect(stdout).toContain("would reject it: it is a block blob; a VHD must be a page blob");
  });

  it.each([
    ["secret", "reading is not allowed (403): add a SAS with read permission to the URL"],
    ["changing", "the blob changed while it was being read (412); try again"],
  ])("ends with 3 for the blob %s, without its SAS", async (name, reason) => {
    const { code, stdout, stderr } = await run(`${origin}/uploads/${name}.vhd?${SECRET}`);

    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toBe(`${origin}/uploads/${name}.vhd: ${reason}.\n`);
  });

  it("ends with 3 for a server that cannot be reached, without the SAS", async () => {
    const { code, stderr } = await run(`http://127.0.0.1:1/uploads/web.vhd?${SECRET}`);

    expect(code).toBe(3);
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:1\/uploads\/web\.vhd cannot be reached: /);
    expect(stderr).not.toContain("verysecret");
  });

  it.each([
    [["no-such-file.vhd"], /^no-such-file\.vhd cannot be read: the file does not exist\.\n$/],
    [[tmpdir()], / is a folder, not a file\.\n$/],
    [["http://"], /^FILE\|URL is not a valid URL\.\n$/],
    [[], /^missing required argument 'FILE\|URL'\n/],
    [["a.vhd", "b.vhd"], /^too many arguments/],
    [["a.vhd", "--generation", "V3"], /^--generation must be V1 or V2, not "V3"\.\n/],
    [
      ["a.vhd", "--jsn"],
      /^unknown option '--jsn'\n\(Did you mean --json\?\)\nRun `vhd-to-image inspect --help`/,
    ],
  ])("ends with 2 and says why for %j", async (args, text) => {
    const { code, stderr } = await run(...args);

    expect(code).toBe(2);
    expect(stderr).toMatch(text);
  });

  it("explains itself", async () => {
    expect(await run("--help")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^Usage: vhd-to-image inspect [\s\S]*Examples:\n {2}\$ vhd-to-image inspect web/,
      ),
    });
  });
});
