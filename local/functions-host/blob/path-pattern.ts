import { FunctionIndexingError } from "../errors.ts";
import { escapeRegExp } from "../regexp-text.ts";

/** The `path` of a blob trigger, such as `uploads/{name}.vhd`. */
export interface PathPattern {
  readonly container: string;
  /** Returns the values of the pattern's tokens, or undefined when the blob does not match. */
  match(blobName: string): Readonly<Record<string, string>> | undefined;
}

/**
 * Returns the pattern for a path whose settings are resolved. A path without a slash matches every
 * blob of the container. Throws FunctionIndexingError when the container is an expression, which
 * the stand-in does not imitate.
 */
export function parsePathPattern(path: string): PathPattern {
  const slash = path.indexOf("/");
  const container = slash === -1 ? path : path.slice(0, slash);
  if (container === "" || container.includes("{")) {
    throw new FunctionIndexingError(
      `Blob path '${path}' must start with the fixed name of a container.`,
    );
  }
  if (slash === -1) return { container, match: () => ({}) };
  const { expression, tokens } = compile(path.slice(slash + 1));
  return {
    container,
    match(blobName) {
      const found = expression.exec(blobName);
      if (found === null) return undefined;
      return Object.fromEntries(tokens.map((token, index) => [token, found[index + 1] ?? ""]));
    },
  };
}

function compile(pattern: string): { expression: RegExp; tokens: string[] } {
  const tokens: string[] = [];
  const parts = pattern.split(/(\{[^{}]+\})/).map((part) => {
    if (!part.startsWith("{")) return escapeRegExp(part);
    tokens.push(part.slice(1, -1));
    return "(.*)";
  });
  return { expression: new RegExp(`^${parts.join("")}$`, "s"), tokens };
}
