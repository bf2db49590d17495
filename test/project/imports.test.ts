import { describe, expect, it } from "vitest";
import { CLOSED_DOORS, ROOMS, roomOf } from "./import-rules.ts";
import { type Import, listFiles, listImports, readProjectFile } from "./source-files.ts";

const DEPLOYED = [...listFiles("functions", ".ts"), ...listFiles("shared", ".ts")];

const COMMAND_LINE = listFiles("cli", ".ts");
const BOARD = [...listFiles("board", ".ts"), ...listFiles("board", ".tsx")];
const CODE = [...DEPLOYED, ...COMMAND_LINE, ...BOARD];

const NAMES = ROOMS.map(({ name }) => name);

function isAllowed({ from, to, isRelative }: Import): boolean {
  const room = roomOf(from);
  if (!isRelative) return ROOMS.find(({ name }) => name === room)?.packages?.includes(to) ?? false;
  const target = roomOf(to);
  const isAbove = NAMES.includes(target) && NAMES.indexOf(target) <= NAMES.indexOf(room);
  return isAbove && !(CLOSED_DOORS[room] ?? []).includes(target);
}

describe("import directions", () => {
  it.each(NAMES)("%s imports only from itself, the rooms above it, and its packages", (room) => {
    const files = CODE.filter((file) => roomOf(file) === room);
    expect(files).not.toEqual([]);
    const forbidden = files
      .flatMap(listImports)
      .filter((item) => !isAllowed(item))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(forbidden).toEqual([]);
  });

  it("has a room for everything that is deployed", () => {
    expect(CODE.filter((file) => !NAMES.includes(roomOf(file)))).toEqual([]);
  });

  it("has no circle of modules inside a room either", () => {
    expect(findCircle(CODE)).toEqual([]);
  });

  it("lets the local world and the tests be imported by nothing that is deployed", () => {
    const outward = DEPLOYED.flatMap(listImports).filter(
      ({ to, isRelative }) => isRelative && !/^(?:functions|shared)\//.test(to),
    );
    expect(outward).toEqual([]);
  });

  it("keeps the local world out of the command line", () => {
    const outward = COMMAND_LINE.flatMap(listImports).filter(
      ({ to, isRelative }) => isRelative && !/^(?:cli|shared)\//.test(to),
    );
    expect(outward).toEqual([]);
  });

  it("lets the local world and the benchmarks have the uploader by its one entry, and where a local app is", () => {
    const others = ["local", "bench"].flatMap((folder) => listFiles(folder, ".ts"));
    const entries = others
      .flatMap(listImports)
      .filter(({ to, isRelative }) => isRelative && /^cli\//.test(to))
      .map(({ to }) => to);
    expect([...new Set(entries)].sort()).toEqual(["cli/local-world.ts", "cli/upload/index.ts"]);
  });

  it("keeps the globals of a browser in the entry of the board and in its views", () => {
    const globals = /\b(?:window|document|location|history|sessionStorage|navigator)\./;
    const users = BOARD.filter((file) => globals.test(readProjectFile(file)));
    expect(users.filter((file) => !/^board\/(?:main\.tsx|view\/)/.test(file))).toEqual([]);
  });

  it("keeps the app's code out of the simulator and the host stand-in", () => {
    const folders = ["local/arm-simulator", "local/functions-host"];
    const inward = folders
      .flatMap((folder) => listFiles(folder, ".ts"))
      .flatMap(listImports)
      .filter(({ to, isRelative }) => isRelative && /^(?:functions|shared)\//.test(to));
    expect(inward).toEqual([]);
  });
});

describe("the composition root", () => {
  const others = DEPLOYED.filter((file) => file !== "functions/index.ts");

  it("alone reads the environment", () => {
    const readers = others.filter((file) => /\bprocess\s*\.\s*env\b/.test(readProjectFile(file)));
    expect(readers).toEqual([]);
    expect(readProjectFile("functions/index.ts")).toContain("process.env");
  });

  it("has a counterpart in the command line, which alone knows the process", () => {
    const readers = COMMAND_LINE.filter((file) => /\bprocess\s*\./.test(readProjectFile(file)));
    expect(readers).toEqual(["cli/main.ts"]);
  });

  it("alone registers functions", () => {
    const registrars = others
      .flatMap(listImports)
      .filter(({ to, isTypeOnly }) => to === "@azure/functions" && !isTypeOnly)
      .map(({ from }) => from);
    expect(registrars).toEqual([]);
  });
});

/** The modules of one circle of imports that bring code over, in order; empty where there is none. */
function findCircle(files: readonly string[]): readonly string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const { to, isRelative } of listImports(file)) {
      const circle = isRelative ? visit(to, [...path, file]) : [];
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of files) {
    const circle = visit(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
