import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { type AppOptions, addAppOptions, appFlags } from "../app/app-access.ts";
import type { PlanQuestion } from "../app/app-client.ts";
import { openApp } from "../app/open-app.ts";
import {
  addHelp,
  addOutputOptions,
  type CommandContext,
  type OutputOptions,
  wantsJson,
} from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { breakLines, createPaint } from "../terminal.ts";
import { readManifestFile, reviewManifest } from "../upload/check-manifest.ts";
import { renderPlan, renderRefusal } from "./render.ts";

interface PlanOptions extends AppOptions, OutputOptions {
  readonly name?: string;
  readonly uploaded?: true;
  readonly offline?: true;
}

/** Adds `plan FILE.json|UPLOAD`. */
export function addPlanCommand(program: Command, context: CommandContext): void {
  const { name } = context;
  const command = program
    .command("plan")
    .summary("show what a manifest or an upload would become")
    .description(
      "Asks the app what it would make of a manifest on this machine, or of an upload: its mistakes, what was found on the disks, and every call to Azure with its body. Nothing is changed.",
    )
    .argument("<FILE.json|UPLOAD>", "a manifest on this machine, or else the name of an upload")
    .option("--name <NAME>", "the name that the manifest would be uploaded under")
    .option("--uploaded", "plan the upload of this name, also where a file has the same name")
    .option("--offline", "check the manifest alone, without the app");
  addOutputOptions(addAppOptions(command));
  addHelp(
    command,
    [`${name} plan web.json`, `${name} plan web.vhd --json`, `${name} plan web.json --offline`],
    ["success", "refused", "usage", "unreachable"],
  );
  command.action(async (text: string, options: PlanOptions) => {
    const question = await readQuestion(text, options, context);
    if (options.offline) return checkOffline(question, text, options, context);
    const client = await openApp(options, context);
    const answer = await client.plan(question);
    if (answer.kind === "missing") throw missing(text, options, context);
    const isJson = wantsJson(options);
    const { stdout, stderr, environment } = context;
    const width = stdout.columns ?? null;
    if (answer.kind === "refused") {
      const { refusal } = answer;
      if (isJson) stdout.write(`${JSON.stringify(refusal, null, 2)}\n`);
      else stderr.write(`${breakLines(renderRefusal(refusal, text).join("\n"), stderr)}\n`);
      return context.finish("refused");
    }
    const { plan } = answer;
    const lines = isJson
      ? [JSON.stringify(plan, null, 2)]
      : renderPlan(plan, createPaint(stdout, environment), width);
    stdout.write(`${lines.join("\n")}\n`);
    if (plan.verdict === "canceled") context.finish("refused");
  });
}

/** What is on this machine comes first: it is what tab completion completes to. */
async function readQuestion(
  text: string,
  { name, uploaded, offline }: PlanOptions,
  { folder }: CommandContext,
): Promise<PlanQuestion> {
  const path = resolve(folder, text);
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
  const isManifest = /\.json$/i.test(text);
  if (!uploaded && (offline || name !== undefined || (isFile && isManifest))) {
    const bytes = await readManifestFile(path, text);
    return { kind: "manifest", name: name ?? basename(text), bytes };
  }
  if (isFile && !uploaded) {
    throw new CommandError(
      "usage",
      `${text} is a file on this machine, but not a manifest (.json). To plan the upload of this name, add --uploaded; to check the disk, use inspect.`,
    );
  }
  return { kind: "upload", name: text };
}

function checkOffline(
  question: PlanQuestion,
  shown: string,
  options: PlanOptions,
  { stdout, stderr, finish }: CommandContext,
): void {
  if (question.kind !== "manifest") {
    throw new CommandError(
      "usage",
      "--offline checks a manifest on this machine; leave out --uploaded.",
    );
  }
  const { mistakes, warnings } = reviewManifest(question.bytes, question.name);
  if (wantsJson(options)) stdout.write(`${JSON.stringify({ mistakes, warnings }, null, 2)}\n`);
  else if (mistakes.length === 0) {
    for (const warning of warnings) stderr.write(`warning: ${warning}\n`);
    stdout.write(
      `${shown} is a valid manifest. The app may still refuse it: its policy and the disks were not checked.\n`,
    );
  } else {
    for (const { line, column, path, message } of mistakes) {
      stderr.write(`${breakLines(`${shown}:${line}:${column}: ${path}: ${message}`, stderr)}\n`);
    }
  }
  if (mistakes.length > 0) finish("refused");
}

function missing(text: string, options: AppOptions, { name }: CommandContext): CommandError {
  return new CommandError(
    "refused",
    `${text} is neither a file on this machine nor an upload. List the latest requests:\n  ${name} status${appFlags(options)}`,
  );
}
