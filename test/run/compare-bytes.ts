import { expect } from "vitest";

const ADDED = Symbol.for("vhd-to-image.compare-bytes");

/**
 * Byte arrays of one kind are compared as memory. The assertion library compares them element by element,
 * after it has listed the names of all elements: a second for each MiB.
 */
function compareBytes(a: unknown, b: unknown): boolean | undefined {
  if (!(a instanceof Uint8Array && b instanceof Uint8Array)) return undefined;
  return a.constructor === b.constructor ? Buffer.compare(a, b) === 0 : undefined;
}

// Files that share a process share its testers, and each loads this module again.
if (!(ADDED in globalThis)) {
  Object.defineProperty(globalThis, ADDED, { value: true });
  expect.addEqualityTesters([compareBytes]);
}
