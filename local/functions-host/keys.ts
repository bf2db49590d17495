import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** The keys that open the host's HTTP endpoints. */
export interface HostKeys {
  /** Opens everything, the admin routes included. */
  readonly master: string;
  /** Opens every function of auth level `function`. */
  readonly host: string;
  /** Opens the blob webhook (system key `blobs_extension`). */
  readonly blobsExtension: string;
}

export type GivenKeys = Partial<Record<keyof HostKeys, string | undefined>>;

/** Returns the given keys, and generated ones for those not given. */
export function createKeys(given: GivenKeys): HostKeys {
  const master = given.master ?? generateKey();
  return {
    master,
    host: given.host ?? generateKey(),
    blobsExtension: given.blobsExtension ?? deriveKey(master, "blobs_extension"),
  };
}

/**
 * Returns the default key of one function. It follows from the host key, so that it stays the same
 * over restarts whenever that does.
 */
export function getFunctionKey(keys: HostKeys, functionName: string): string {
  return deriveKey(keys.host, functionName.toLowerCase());
}

/** Compares in constant time. */
export function isSameKey(given: string, expected: string): boolean {
  const a = createHmac("sha256", "key").update(given).digest();
  const b = createHmac("sha256", "key").update(expected).digest();
  return timingSafeEqual(a, b);
}

function generateKey(): string {
  return randomBytes(40).toString("base64url");
}

function deriveKey(secret: string, name: string): string {
  return createHmac("sha256", secret).update(name).digest("base64url");
}
