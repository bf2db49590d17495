import { resolve } from "node:path";
import { expect, test } from "vitest";
import { HELP, readCommandLine } from "../../../../local/world/command-line.ts";
import { PORT_SOURCES } from "../../../../local/world/local-ports.ts";

test("every port has its usual number unless told otherwise", () => {
  expect(readCommandLine([], {})).toEqual({
    kind: "start",
    ports: { functions: 7071, blob: 10000, queue: 10001, table: 10002, arm: 10443 },
  });
});

test("--port 0 asks for free ports wherever none is given", () => {
  expect(
    readCommandLine(["--port", "0", "--queue-port", "5001"], { LOCAL_ARM_PORT: "5002" }),
  ).toEqual({
    kind: "start",
    ports: { functions: 0, blob: 0, queue: 5001, table: 0, arm: 5002 },
  });
});

test("LOCAL_PORT=0 does the same", () => {
  expect(readCommandLine([], { LOCAL_PORT: "0" })).toMatchObject({ ports: { blob: 0, arm: 0 } });
});

test("a flag wins over the variable", () => {
  expect(readCommandLine(["--blob-port", "1"], { LOCAL_BLOB_PORT: "2" })).toMatchObject({
    ports: { blob: 1 },
  });
});

test("--data is resolved against the working directory", () => {
  expect(readCommandLine(["--data", "store"], {})).toMatchObject({ dataDir: resolve("store") });
});

test.each(["65536", "-1", "http", "1.5"])("refuses %s as a port and names the flag", (text) => {
  expect(() => readCommandLine([`--table-port=${text}`], {})).toThrow(
    `--table-port (LOCAL_TABLE_PORT) must be a port from 0 to 65535, not "${text}"`,
  );
});

test("an unknown option is refused with the help text", () => {
  expect(() => readCommandLine(["--prot", "0"], {})).toThrow(/--prot[\s\S]*npm run local/);
});

test("the help names every port with its flag, variable and number", () => {
  expect(readCommandLine(["--help"], {})).toEqual({ kind: "help" });
  for (const { flag, variable, standard } of Object.values(PORT_SOURCES)) {
    expect(HELP).toContain(`--${flag} N`);
    expect(HELP).toContain(`${variable}, ${standard}`);
  }
});
