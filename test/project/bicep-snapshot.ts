import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { BicepCompiler, SnapshotScope } from "../../scripts/bicep-compiler.ts";
import { ROOT } from "./source-files.ts";

/** Values of parameters, as JSON. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A resource that a deployment would make. What only Azure can say is left as an expression. */
export interface PredictedResource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly location?: string;
  readonly scope?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the properties of a resource depend on its type
  readonly properties?: any;
}

export interface Snapshot {
  readonly predictedResources: readonly PredictedResource[];
  readonly diagnostics: readonly unknown[];
}

/** What a template would make with these parameters, worked out by the compiler. */
export async function takeSnapshot(
  compiler: BicepCompiler,
  template: string,
  parameters: Parameters,
  scope: SnapshotScope,
): Promise<Snapshot> {
  return withFile(
    template,
    parameters,
    async (file) => JSON.parse(await compiler.snapshot(file, scope)) as Snapshot,
  );
}

/** What the compiler finds wrong with values of parameters, one text a problem. */
export async function checkParameters(
  compiler: BicepCompiler,
  template: string,
  parameters: Parameters,
): Promise<readonly string[]> {
  return withFile(template, parameters, async (file) => {
    const diagnostics = await compiler.checkParameters(file);
    return diagnostics.map(({ message }) => message);
  });
}

/** Runs a task with a `.bicepparam` file, which is removed afterwards. */
async function withFile<Result>(
  template: string,
  parameters: Parameters,
  task: (file: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "bicep-snapshot-"));
  try {
    const file = join(folder, "case.bicepparam");
    const using = relative(folder, join(ROOT, template)).replaceAll("\\", "/");
    const values = Object.entries(parameters).map(
      ([name, value]) => `param ${name} = ${writeBicep(value)}\n`,
    );
    writeFileSync(file, `using '${using}'\n\n${values.join("")}`);
    return await task(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A JSON value in the language of Bicep. */
function writeBicep(value: unknown): string {
  if (typeof value === "string") return `'${value.replace(/[\\']|\$\{/g, "\\$&")}'`;
  if (Array.isArray(value)) return `[\n${value.map((item) => `${writeBicep(item)}\n`).join("")}]`;
  if (typeof value === "object" && value !== null) {
    const lines = Object.entries(value).map(
      ([key, item]) => `${writeBicep(key)}: ${writeBicep(item)}\n`,
    );
    return `{\n${lines.join("")}}`;
  }
  return JSON.stringify(value);
}
