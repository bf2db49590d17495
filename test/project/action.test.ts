import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ROOT, readProjectFile } from "./source-files.ts";

interface Action {
  readonly inputs: Readonly<
    Record<string, { description: string; required?: boolean; default?: string }>
  >;
  readonly outputs: Readonly<Record<string, { value: string }>>;
  readonly runs: {
    readonly steps: readonly { id?: string; run: string; env?: Record<string, string> }[];
  };
}

const action = parse(readProjectFile("action.yml")) as Action;
const upload = action.runs.steps.find(({ id }) => id === "upload");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "action-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the step's script with an az and a command line that only record how they are called. */
function run(inputs: Record<string, string>, printed: unknown, code = 0) {
  const az = join(folder, "az");
  writeFileSync(
    az,
    '#!/bin/sh\ncase "$*" in *keys*) echo the-key ;; *) echo app.example ;; esac\n',
  );
  chmodSync(az, 0o755);
  const command = join(folder, "command.cjs");
  writeFileSync(
    command,
    `require("fs").writeFileSync("called.json", JSON.stringify({ args: process.argv.slice(2), url: process.env.VHD_TO_IMAGE_URL, key: process.env.VHD_TO_IMAGE_KEY }));
     console.log(${JSON.stringify(JSON.stringify(printed))}); process.exitCode = ${code};`,
  );
  const files = { GITHUB_OUTPUT: "output", GITHUB_STEP_SUMMARY: "summary" };
  const { status, stdout, stderr } = spawnSync("bash", [join(ROOT, "action/upload.sh")], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      ...Object.fromEntries(
        Object.entries(files).map(([name, file]) => [name, join(folder, file)]),
      ),
      PATH: [folder, process.env.PATH].join(delimiter),
      COMMAND: command,
      SUMMARY: join(ROOT, "action/summarize.mjs"),
      INPUT_APP: "app",
      INPUT_RESOURCE_GROUP: "group",
      INPUT_CONTAINER: "uploads",
      INPUT_FILES: "web.vhd",
      INPUT_MANIFEST: "",
      INPUT_WAIT: "true",
      INPUT_TIMEOUT: "60",
      ...inputs,
    },
  });
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { status, stdout, stderr, read, called: JSON.parse(read("called.json")) };
}

const STATUS = {
  requestId: "k3vk3vk3vk3vk3vk3vk3",
  source: "web.json",
  state: "failed",
  outputs: [{ id: "/subscriptions/1/images/web" }],
  disks: [{ blob: "a|b`<script>\nx.vhd", state: "complete", inspection: null }],
  error: {
    code: "InvalidManifest",
    message: "1 mistake",
    fix: "Correct it.",
    details: [{ message: "line 7, column 9: 'osStat' is not a key\n::warning::x" }],
  },
};

/** A request as `upload --json` prints it. */
const toResult = (status: typeof STATUS | (Omit<typeof STATUS, "error"> & { error: null })) => ({
  requestId: status.requestId,
  state: status.state,
  ids: status.outputs.map(({ id }) => id),
  status,
});

describe("the GitHub Action", () => {
  it("hands every input to its script in the environment, never in the text of a command", () => {
    const text = JSON.stringify(upload?.env);
    const unused = Object.keys(action.inputs).filter((name) => !text.includes(`inputs.${name} `));
    expect(unused).toEqual([]);
    const commands = action.runs.steps.map((step) =>
      step.run.replaceAll(/\$\{\{ github\.action_path \}\}/g, ""),
    );
    expect(commands.filter((command) => command.includes("${{"))).toEqual([]);
  });

  it("has a default for every input that is not required", () => {
    const open = Object.values(action.inputs).filter(
      (input) => input.required !== true && input.default === undefined,
    );
    expect(open).toEqual([]);
  });

  it("uploads every file behind --, masks the key, and follows the request", () => {
    const { status, stdout, called } = run(
      { INPUT_FILES: "web.vhd\n-odd name.vhd\n", INPUT_MANIFEST: "web.json" },
      [toResult({ ...STATUS, state: "succeeded", error: null })],
    );
    expect(status).toBe(0);
    expect(stdout).toContain("::add-mask::the-key");
    expect(called).toEqual({
      args: [
        "upload",
        "--json",
        "--container",
        "uploads",
        "--manifest",
        "web.json",
        "--timeout",
        "60",
        "--",
        "web.vhd",
        "-odd name.vhd",
      ],
      url: "https://app.example",
      key: "the-key",
    });
  });

  it("writes the outputs that it promises", () => {
    const { read } = run({}, [toResult(STATUS)]);
    const written = read("output")
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0]);
    const promised = Object.values(action.outputs).map(
      ({ value }) => /steps\.upload\.outputs\.([\w-]+)/.exec(value)?.[1],
    );
    expect(written).toEqual(promised);
    expect(read("output")).toContain("image-id=/subscriptions/1/images/web\n");
  });

  it("fails as the command does, with the mistakes at their places in the manifest", () => {
    const { status, stdout } = run({ INPUT_MANIFEST: "web.json" }, [toResult(STATUS)], 1);
    expect(status).toBe(1);
    expect(stdout).toContain("::error file=web.json,line=7,col=9::line 7, column 9: 'osStat'");
    expect(stdout).not.toMatch(/^::warning::/m);
  });

  it("keeps names as text in the summary", () => {
    const { read } = run({}, [toResult(STATUS)]);
    expect(read("summary")).not.toContain("<script>");
    expect(read("summary")).toContain("a&#124;b&#96;&#60;script&#62; x.vhd");
  });

  it("does not wait when it is not to, and survives a command that prints nothing", () => {
    const { called, status } = run({ INPUT_WAIT: "false" }, null, 3);
    expect(called.args).toContain("--no-wait");
    expect(status).toBe(3);
  });
});
