import { lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How to reach a local world. */
export interface LocalWorld {
  /** Process that keeps the world; when it has ended, the world has too. */
  readonly pid: number;
  readonly functions: string;
  readonly functionsKey: string;
  readonly connectionString: string;
}

const FILE_NAME = /^local-(\d{1,10})\.json$/;

/**
 * Leaves a note for other terminals of the same user: a file that nobody else may read, in a folder of
 * the user's own below the folder for temporary files. Returns how to remove it.
 * @param user number of the user; null where the system has none
 * @throws Error when the folder belongs to somebody else, or others may write to it.
 */
export async function announceLocalWorld(
  temporaryFolder: string,
  user: number | null,
  world: LocalWorld,
): Promise<() => Promise<void>> {
  const folder = folderFor(temporaryFolder, user);
  await mkdir(folder, { mode: 0o700 }).catch(() => {}); // it may exist; checked next
  if (!(await isOwnFolder(folder, user))) {
    throw new Error(`${folder} is not a folder of this user alone; remove it.`);
  }
  const { pid, functions, functionsKey, connectionString } = world;
  const file = join(folder, `local-${pid}.json`);
  await rm(file, { force: true });
  const text = JSON.stringify({ pid, functions, functionsKey, connectionString });
  await writeFile(file, text, { mode: 0o600, flag: "wx" });
  return () => rm(file, { force: true });
}

/**
 * The local worlds of this user that run, the latest first.
 * @param isRunning whether a process of that id runs
 */
export async function findLocalWorlds(
  temporaryFolder: string,
  user: number | null,
  isRunning: (pid: number) => boolean,
): Promise<readonly LocalWorld[]> {
  const folder = folderFor(temporaryFolder, user);
  if (!(await isOwnFolder(folder, user))) return [];
  const found: { world: LocalWorld; writtenAt: number }[] = [];
  for (const name of await readdir(folder)) {
    const pid = Number(FILE_NAME.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || !isRunning(pid)) continue;
    const path = join(folder, name);
    const world = await readFile(path, "utf8").then(parseWorld, () => null);
    if (world !== null) found.push({ world, writtenAt: (await lstat(path)).mtimeMs });
  }
  return found.sort((a, b) => b.writtenAt - a.writtenAt).map(({ world }) => world);
}

function folderFor(temporaryFolder: string, user: number | null): string {
  return join(temporaryFolder, user === null ? "vhd-to-image" : `vhd-to-image-${user}`);
}

/** A folder, not a link, of the user, without rights for others; only the type counts on Windows. */
async function isOwnFolder(folder: string, user: number | null): Promise<boolean> {
  const stats = await lstat(folder).catch(() => null);
  if (stats?.isDirectory() !== true) return false;
  return user === null || (stats.uid === user && (stats.mode & 0o077) === 0);
}

function parseWorld(text: string): LocalWorld | null {
  try {
    const world = JSON.parse(text) as LocalWorld;
    const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
    const parts = [world.functions, world.functionsKey, world.connectionString];
    return parts.every(isText) ? world : null;
  } catch {
    return null;
  }
}
