import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

/** The account in the emulator; the name is the one that the API reference's examples use. */
export const account = {
  name: "mystorageaccount",
  key: Buffer.from("a key for the emulator only").toString("base64"),
};

/** A running Azurite. */
export interface Azurite {
  readonly blobEndpoint: string;
  readonly client: BlobServiceClient;
  close(): Promise<void>;
}

/** Starts an Azurite in memory, on free ports. */
export async function startAzurite(): Promise<Azurite> {
  const script = createRequire(import.meta.url).resolve("azurite/dist/src/azurite.js");
  const ports = ["--blobPort", "0", "--queuePort", "0", "--tablePort", "0"];
  const flags = [
    "--inMemoryPersistence",
    "--silent",
    "--disableTelemetry",
    "--skipApiVersionCheck",
  ];
  const child = spawn(process.execPath, [script, ...ports, ...flags], {
    env: { ...process.env, AZURITE_ACCOUNTS: `${account.name}:${account.key}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const blobEndpoint = await readBlobEndpoint(child);
  return {
    blobEndpoint,
    client: new BlobServiceClient(
      `${blobEndpoint}/${account.name}`,
      new StorageSharedKeyCredential(account.name, account.key),
    ),
    close: async () => {
      const exit = once(child, "exit");
      child.kill();
      await exit;
    },
  };
}

async function readBlobEndpoint(child: ChildProcess): Promise<string> {
  if (child.stdout === null) {
    throw new Error("Azurite has no stdout");
  }
  let endpoint: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    endpoint ??= /Blob service is successfully listening at (\S+)/.exec(line)?.[1];
    if (line.includes("Table service is successfully listening") && endpoint !== undefined) {
      return endpoint;
    }
  }
  throw new Error("Azurite ended before it was listening");
}
