import type { CommandContext } from "../command-context.ts";
import { CommandError, connectionProblem } from "../command-error.ts";

/** Where a function app is in Azure. */
export interface AppResource {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const API_VERSION = "2024-04-01";
const TIMEOUT_MS = 30_000;

/**
 * The default function key of an app, read from Resource Manager with the sign-in of Azure tools.
 * @throws CommandError when there is no sign-in, or it may not read the keys.
 */
export async function fetchKey(
  { subscriptionId, resourceGroup, name }: AppResource,
  { armEndpoint, armToken, signal }: CommandContext,
): Promise<string> {
  const part = encodeURIComponent;
  const url = `${armEndpoint}/subscriptions/${part(subscriptionId)}/resourceGroups/${part(resourceGroup)}/providers/Microsoft.Web/sites/${part(name)}/host/default/listKeys?api-version=${API_VERSION}`;
  const refuse = (reason: string): CommandError =>
    new CommandError(
      "unreachable",
      `The key of ${name} cannot be read from Azure: ${reason} Or set VHD_TO_IMAGE_KEY to a key of the app.`,
    );
  const token = await armToken().catch(() => {
    signal.throwIfAborted();
    throw refuse("no Azure sign-in was found. Sign in with `az login`.");
  });
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw refuse(`Resource Manager cannot be reached (${connectionProblem(error)}).`);
  });
  if (response.status === 401 || response.status === 403) {
    throw refuse(
      `Resource Manager refused (${response.status}). You need the right Microsoft.Web/sites/host/listkeys/action.`,
    );
  }
  if (!response.ok) throw refuse(`Resource Manager answered ${response.status}.`);
  const keys = (await response.json().catch(() => null)) as Keys | null;
  const key = keys?.functionKeys?.default;
  if (typeof key === "string" && key !== "") return key;
  throw refuse("the app has no function key named default.");
}

interface Keys {
  readonly functionKeys?: { readonly default?: unknown };
}
