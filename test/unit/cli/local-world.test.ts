import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { announceLocalWorld, findLocalWorlds } from "../../../cli/local-world.ts";

const USER = process.getuid?.() ?? null;
const WORLD = {
  pid: 41,
  functions: "http://127.0.0.1:1",
  functionsKey: "k",
  connectionString: "c",
};
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "worlds-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const find = (isRunning: (pid: number) => boolean = () => true) =>
  findLocalWorlds(folder, USER, isRunning);
const own = () => join(folder, `vhd-to-image-${USER}`);

describe("the note of a local world", () => {
  it("is found until it is removed, and nobody else can read it", async () => {
    const remove = await announceLocalWorld(folder, USER, WORLD);

    expect(await find()).toEqual([WORLD]);
    const [name = ""] = await readdir(own());
    expect((await stat(join(own(), name))).mode & 0o777).toBe(0o600);
    expect((await stat(own())).mode & 0o777).toBe(0o700);
    await remove();
    expect(await find()).toEqual([]);
  });

  it("counts only while its process runs", async () => {
    await announceLocalWorld(folder, USER, WORLD);
    await announceLocalWorld(folder, USER, { ...WORLD, pid: 42 });

    expect(await find((pid) => pid === 42)).toEqual([{ ...WORLD, pid: 42 }]);
  });

  it("replaces that of an earlier process with the same id", async () => {
    await announceLocalWorld(folder, USER, WORLD);
    await announceLocalWorld(folder, USER, { ...WORLD, functionsKey: "new" });

    expect(await find()).toMatchObject([{ functionsKey: "new" }]);
  });

  it("is neither written to nor read from a folder that others can write to", async () => {
    await mkdir(own());
    await chmod(own(), 0o777);
    await writeFile(join(own(), "local-41.json"), JSON.stringify(WORLD));

    expect(await find()).toEqual([]);
    await expect(announceLocalWorld(folder, USER, WORLD)).rejects.toThrow(
      "not a folder of this user",
    );
  });

  it("does not follow a link in place of the folder", async () => {
    const elsewhere = join(folder, "elsewhere");
    await mkdir(elsewhere, { mode: 0o700 });
    await symlink(elsewhere, own());

    await expect(announceLocalWorld(folder, USER, WORLD)).rejects.toThrow();
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it.each(["", "{", "null", '{"pid":41}'])("is passed over when its text is %j", async (text) => {
    await mkdir(own(), { mode: 0o700 });
    await writeFile(join(own(), "local-41.json"), text);

    expect(await find()).toEqual([]);
  });
});
