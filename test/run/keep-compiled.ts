import { enableCompileCache } from "node:module";

/**
 * Gives the processes of a project their cache of compiled code back. Vitest takes it from every worker
 * while coverage is collected, because compiled code from the cache lacks the positions that coverage
 * needs, and with it from all that the worker starts. Where nothing is covered, every start of storage,
 * host or command would take twice as long for nothing.
 */
const folder = process.env.COMPILED_CODE;
if (folder !== undefined) {
  delete process.env.NODE_DISABLE_COMPILE_CACHE;
  process.env.NODE_COMPILE_CACHE = folder;
  enableCompileCache(folder);
}
