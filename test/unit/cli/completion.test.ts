import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { runCommand } from "./run-command.ts";

const run = promisify(execFile);

/** What bash completes the last word to, with the script of the command. */
async function complete(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout: script } = await runCommand(["completion", "bash"]);
  const { stdout } = await run("bash", [
    "-c",
    `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vhd_to_image; printf '%s\\n' "\${COMPREPLY[@]}"`,
    "bash",
    "vhd-to-image",
    ...words,
  ]);
  return stdout.trim().split("\n");
}

describe("the completion", () => {
  it("of bash knows the commands, their options and the values of those", async () => {
    expect(await complete("up")).toEqual(["upload"]);
    expect(await complete("upload", "--man")).toEqual(["--manifest"]);
    expect(await complete("inspect", "--man")).toEqual([""]);
    expect(await complete("upload", "--os-type", "")).toEqual(["Windows", "Linux"]);
  });

  it("of fish names every command and option", async () => {
    const { code, stdout } = await runCommand(["completion", "fish"]);
    expect(code).toBe(0);
    expect(stdout).toContain("complete -c vhd-to-image -n __fish_use_subcommand -a status -d");
    expect(stdout).toContain("-n '__fish_seen_subcommand_from upload' -l os-type");
  });

  it("of zsh is that of bash", async () => {
    expect((await runCommand(["completion", "zsh"])).stdout).toMatch(
      /^autoload -U \+X bashcompinit/,
    );
  });

  it("is refused for other shells", async () => {
    expect(await runCommand(["completion", "tcsh"])).toMatchObject({
      code: 2,
      stderr: 'SHELL must be one of bash, zsh, fish, not "tcsh".\n',
    });
  });
});
