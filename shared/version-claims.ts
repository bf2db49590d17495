import type { VersionNumber } from "./image/version-number.ts";

/** A number of a definition that a request has for itself. */
export interface VersionClaim {
  /** Resource id of the definition, in any case. */
  readonly definition: string;
  readonly version: VersionNumber;
  readonly requestId: string;
}

/** What was read before a claim, and has to be so still. */
export interface ExpectedClaims {
  /** The request that has the number; null: nobody. */
  readonly holder: string | null;
  /** The number that the request has had so far; null: none. */
  readonly own: VersionNumber | null;
}

/**
 * Who publishes which number. A number is claimed once and stays claimed, also after its version is
 * gone: so no number is used twice, and every gap names the request that left it.
 */
export interface VersionClaims {
  /** The number that a request has claimed last; null when it has none. */
  getClaimedVersion(definition: string, requestId: string): Promise<VersionNumber | null>;
  /** The request that has a number; null when it is free. */
  getVersionHolder(definition: string, version: VersionNumber): Promise<string | null>;
  /** The highest number that begins with the given ones; null when none has been claimed. */
  findHighestClaim(definition: string, series: readonly number[]): Promise<VersionNumber | null>;
  /**
   * Claims a number; false when somebody else was faster, which may be another process that works on the
   * same request. Number and request are noted at once: whoever dies afterwards finds the number again.
   */
  claimVersion(claim: VersionClaim, expected: ExpectedClaims): Promise<boolean>;
}
