import { createHash } from "node:crypto";
import { buildFooter } from "../../../local/sample-vhds/index.ts";
import { NOW } from "../../factories.ts";

export const MIB = 1024 * 1024;

/**
 * A fixed VHD of runs of MiB, one after the other: each filled from a word, without zeros, or with zeros
 * where there is none.
 */
export function buildVhd(runs: readonly (readonly [word: string | null, mib: number])[]): Buffer {
  const parts = runs.map(([word, mib]) =>
    word === null
      ? Buffer.alloc(mib * MIB)
      : Buffer.alloc(mib * MIB, createHash("sha512").update(word).digest()),
  );
  const virtualSizeBytes = runs.reduce((sum, [, mib]) => sum + mib * MIB, 0);
  const footer = buildFooter({
    virtualSizeBytes,
    type: "fixed",
    uuid: "8f14e45f-ceea-467f-9575-6f1c6f4b3a10",
    createdAt: NOW,
  });
  return Buffer.concat([...parts, footer]);
}
