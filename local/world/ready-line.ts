import type { World } from "./world.ts";

/** Returns the one line of JSON that tells scripts that the world is ready, and where everything is. */
export function formatReadyLine(world: World): string {
  return JSON.stringify({
    ready: true,
    functions: world.functions.url,
    functionsKey: world.functions.key,
    blob: world.storage.blob,
    queue: world.storage.queue,
    table: world.storage.table,
    connectionString: world.connectionString,
    arm: world.arm.url,
    armCa: world.arm.caFile,
    identityEndpoint: world.arm.identity.endpoint,
    identityHeader: world.arm.identity.header,
    masterKey: world.functions.masterKey,
    pid: process.pid,
    hostPid: world.hostPid,
  });
}
