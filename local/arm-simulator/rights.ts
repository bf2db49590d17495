import { ArmError } from "./errors.ts";
import type { Store } from "./store.ts";

/** An action of the caller, and the id of the resource it is for. */
export interface WantedAction {
  readonly action: string;
  readonly scope: string;
}

const CLIENT =
  "The client '00000000-0000-0000-0000-000000000000' with object id '00000000-0000-0000-0000-000000000000'";

/** Tells whether the caller lacks the right to an action. */
export function isDenied({ settings }: Store, { action, scope }: WantedAction): boolean {
  return settings.denied.some(
    (denied) =>
      matchesPattern(denied.action, action) &&
      scope.toLowerCase().includes((denied.scope ?? "").toLowerCase()),
  );
}

/**
 * Judges the caller's right to act on the resource of a request.
 *
 * @throws ArmError 403 `AuthorizationFailed`
 */
export function judgeRight(store: Store, wanted: WantedAction): void {
  if (isDenied(store, wanted)) {
    throw new ArmError(
      403,
      "AuthorizationFailed",
      `${CLIENT} does not have authorization to perform action '${wanted.action}' over scope '${wanted.scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  }
}

/**
 * Judges the caller's right to what a request's body refers to.
 *
 * @throws ArmError 403 `LinkedAuthorizationFailed`
 */
export function judgeLinkedRight(store: Store, own: WantedAction, linked: WantedAction): void {
  if (isDenied(store, linked)) {
    throw new ArmError(
      403,
      "LinkedAuthorizationFailed",
      `${CLIENT} has permission to perform action '${own.action}' on scope '${own.scope}'; however, it does not have permission to perform action(s) '${linked.action}' on the linked scope(s) '${linked.scope}' (respectively) or the linked scope(s) are invalid.`,
    );
  }
}

function matchesPattern(pattern: string, action: string): boolean {
  const parts = pattern
    .split("*")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}
