import Module from "node:module";
import { HostStartError } from "./errors.ts";

const CORE_MODULE_ID = "@azure/functions-core";

type Load = (this: unknown, request: string, ...rest: unknown[]) => unknown;

let isIntercepted = false;

/**
 * Makes `require("@azure/functions-core")` answer `api` in every CommonJS module of this process,
 * as Microsoft's worker does, and returns the action that undoes it. The package is published
 * nowhere, so there is nothing to resolve: the request is caught before resolution.
 * Throws HostStartError while another interception is in force.
 */
export function interceptCoreModule(api: object): () => void {
  const loader = Module as unknown as { _load: Load };
  const original = loader._load;
  if (isIntercepted) throw new HostStartError("A process can run one Functions host at a time.");
  isIntercepted = true;
  loader._load = function load(request, ...rest) {
    return request === CORE_MODULE_ID ? api : original.call(this, request, ...rest);
  };
  return () => {
    loader._load = original;
    isIntercepted = false;
  };
}
