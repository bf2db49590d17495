/**
 * When to try again. `later`: until the state's deadline. `few`: a few spaced times, for a role that
 * was just assigned and has not reached every front end. `never`: the same request fails the same way.
 */
export type Retry = "never" | "few" | "later";

/** An HTTP status, all of a hundred, or none because no answer came. */
export type StatusPattern = number | "5xx" | "none";

/**
 * What an error of the service means. A condition that is absent holds for every error. A rule with both
 * codes and statuses decides about retries; otherwise what the status alone says goes first.
 */
export interface ServiceErrorRule {
  readonly statuses?: readonly StatusPattern[];
  readonly codes?: readonly string[];
  /** One of these must be in the message or the target, in any case. */
  readonly words?: readonly string[];
  readonly cause: string;
  /**
   * What the user can do: sentences, and commands on lines of their own. `{GALLERY}` and its like
   * become the real names where they are known; see fix-names.ts.
   */
  readonly fix: string;
  readonly retry: Retry;
}
