import type { CommandContext } from "../../../cli/command-context.ts";
import { runCommandLine } from "../../../cli/program.ts";

/** How a command ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in the process of the test; nothing of the process is used unless given. */
export async function runCommand(
  args: readonly string[],
  context: Partial<CommandContext> = {},
): Promise<CommandResult> {
  const output = { stdout: "", stderr: "" };
  const into = (name: keyof typeof output) => ({
    write(text: string) {
      output[name] += text;
    },
  });
  const code = await runCommandLine(args, "1.2.3", {
    stdout: into("stdout"),
    stderr: into("stderr"),
    environment: {},
    folder: "/nonexistent",
    name: "vhd-to-image",
    signal: new AbortController().signal,
    now: () => 0,
    sleep: async () => {},
    localWorlds: async () => [],
    azdValues: async () => ({}),
    armEndpoint: "http://127.0.0.1:1",
    armToken: async () => {
      throw new Error("nobody is signed in");
    },
    ...context,
  });
  return { code, ...output };
}
