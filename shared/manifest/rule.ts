import type { Finding } from "./problem.ts";

/**
 * What must hold between values. Each rule looks at the manifest as it was written, whether or not
 * its shape is right, so that all mistakes are reported at once.
 */
export interface ManifestRule {
  readonly id: string;
  /** Why, in one sentence, with the source. */
  readonly why: string;
  readonly check: (manifest: unknown) => Finding[];
}
