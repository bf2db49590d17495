import { spawn } from "node:child_process";
import { createRequire } from "node:module";

/** Azurite in memory on free ports. */
export interface TestStorage {
  readonly connectionString: string;
  stop(): Promise<void>;
}

const LISTENING = /(Blob|Queue|Table) service is successfully listening at (http:\/\/\S+)/g;
const ACCOUNT = "devstoreaccount1";
/** The emulator's published key: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite. */
const KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const ARGUMENTS = [
  "--inMemoryPersistence",
  ...["--blobPort", "0", "--queuePort", "0", "--tablePort", "0"],
  ...["--silent", "--disableTelemetry", "--skipApiVersionCheck"],
];

/** Starts Azurite and settles when its three services listen. */
export async function startAzurite(): Promise<TestStorage> {
  const script = createRequire(import.meta.url).resolve("azurite/dist/src/azurite.js");
  const child = spawn(process.execPath, [script, ...ARGUMENTS], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = (): boolean => child.kill();
  process.once("exit", kill);
  const endpoints = new Map<string, string>();
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`Azurite ended with ${code}: ${output}`)));
    child.stdout.on("data", (chunk) => {
      output += chunk;
      for (const [, service = "", url = ""] of output.matchAll(LISTENING)) {
        endpoints.set(service, url);
      }
      if (endpoints.size === 3) resolve();
    });
  });
  const services = [...endpoints].map(([name, url]) => `${name}Endpoint=${url}/${ACCOUNT}`);
  return {
    connectionString: [
      "DefaultEndpointsProtocol=http",
      `AccountName=${ACCOUNT}`,
      `AccountKey=${KEY}`,
      ...services,
    ].join(";"),
    async stop() {
      process.off("exit", kill);
      child.removeAllListeners("exit");
      const ended = new Promise((resolve) => child.once("exit", resolve));
      kill();
      await ended;
    },
  };
}
