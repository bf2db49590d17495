import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createMessageConnection, type MessageConnection } from "vscode-jsonrpc/node";

/** What the compiler or its linter says about a place in a file. */
export interface BicepDiagnostic {
  readonly source: string;
  readonly level: "Error" | "Warning" | "Info";
  readonly code: string;
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly char: number } };
}

/** The deployment that a snapshot is made for. */
export interface SnapshotScope {
  readonly subscriptionId: string;
  readonly location?: string;
  readonly resourceGroup?: string;
}

/** The Bicep compiler as one process that answers many questions: its start is the slow part. */
export class BicepCompiler implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #connection: MessageConnection;

  /** Starts the executable at a path, as {@link findBicep} returns it. */
  constructor(path: string) {
    const child = spawn(path, ["jsonrpc", "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
    this.#process = child;
    this.#connection = createMessageConnection(child.stdout, child.stdin);
    child.once("error", () => this.#connection.dispose());
    child.once("exit", () => this.#connection.dispose());
    this.#connection.listen();
  }

  /** Version of the compiler, as `0.49.2`. */
  async readVersion(): Promise<string> {
    const { version } = await this.#ask<{ version: string }>("bicep/version", {});
    return version;
  }

  /** Compiles a file, and returns the ARM template, null when there are errors, and all that is said of it. */
  async compile(
    path: string,
  ): Promise<{ template: string | null; diagnostics: readonly BicepDiagnostic[] }> {
    const { success, contents, diagnostics } = await this.#ask<{
      success: boolean;
      contents: string | null;
      diagnostics: readonly BicepDiagnostic[];
    }>("bicep/compile", { path });
    return { template: success ? contents : null, diagnostics };
  }

  /** What is wrong with a `.bicepparam` file, values that its template does not allow included. */
  async checkParameters(path: string): Promise<readonly BicepDiagnostic[]> {
    const { diagnostics } = await this.#ask<{ diagnostics: readonly BicepDiagnostic[] }>(
      "bicep/compileParams",
      { path, parameterOverrides: {} },
    );
    return diagnostics;
  }

  /** The text of a file as the formatter would have it. */
  async format(path: string): Promise<string> {
    const { contents } = await this.#ask<{ contents: string }>("bicep/format", { path });
    return contents;
  }

  /**
   * What a deployment would make: the resources with every expression worked out that needs no answer of
   * Azure, as JSON.
   *
   * @param path a `.bicepparam` file
   * @throws Error when a parameter is missing or wrong
   */
  async snapshot(path: string, scope: SnapshotScope): Promise<string> {
    const { snapshot } = await this.#ask<{ snapshot: string }>("bicep/getSnapshot", {
      path,
      metadata: {
        tenantId: null,
        subscriptionId: scope.subscriptionId,
        resourceGroup: scope.resourceGroup ?? null,
        location: scope.location ?? null,
        deploymentName: null,
      },
      externalInputs: null,
    });
    return snapshot;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.pid === undefined) return;
    const exited = once(this.#process, "exit");
    this.#connection.end();
    this.#process.kill();
    await exited;
  }

  #ask<Answer>(method: string, parameters: object): Promise<Answer> {
    return this.#connection.sendRequest<Answer>(method, parameters);
  }
}
