import { ArmError } from "../errors.ts";
import type { Store } from "../store.ts";
import { findServedType, judgeApiVersion, type ServedType } from "./api-versions.ts";

/** What a request is about. */
export type Route =
  | {
      readonly kind: "resource";
      readonly type: Exclude<ServedType, "locations/operations">;
      readonly subscriptionId: string;
      readonly resourceGroup: string;
      readonly name: string;
      /** `instanceView` of a virtual machine, or "". */
      readonly view: string;
      readonly apiVersion: string;
    }
  | {
      readonly kind: "imageList";
      readonly subscriptionId: string;
      /** undefined: of the whole subscription. */
      readonly resourceGroup: string | undefined;
      readonly apiVersion: string;
    }
  | {
      readonly kind: "operation";
      readonly subscriptionId: string;
      readonly location: string;
      readonly id: string;
      readonly apiVersion: string;
    };

/**
 * Returns what a URL asks for. Names of path segments are matched in any case, all segments are
 * percent-decoded.
 *
 * @throws ArmError in the order in which Resource Manager judges: subscription, type, api-version,
 * resource group
 */
export function parseRoute(url: URL, store: Store, location: string): Route {
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  const [root, subscriptionId = "", ...rest] = segments.map(decodeSegment);
  if (root?.toLowerCase() !== "subscriptions" || subscriptionId === "") {
    throw notFound("InvalidResourceType", `There is no resource at '${url.pathname}'.`);
  }
  judgeSubscription(subscriptionId, store);
  const inGroup = rest[0]?.toLowerCase() === "resourcegroups";
  const resourceGroup = inGroup ? rest[1] : undefined;
  const [providers, namespace = "", typeName = "", ...path] = inGroup ? rest.slice(2) : rest;
  if (providers?.toLowerCase() !== "providers" || namespace.toLowerCase() !== "microsoft.compute") {
    throw notFound("InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
  }
  const isOperation = typeName.toLowerCase() === "locations";
  const type = findServedType(isOperation ? `${typeName}/${path[1] ?? ""}` : typeName);
  if (type === undefined) throw unknownType(typeName);
  const apiVersion = judgeApiVersion(url, type, location);
  judgeResourceGroup(resourceGroup, store);
  const place = { subscriptionId, resourceGroup, apiVersion };
  return toRoute(type, place, path) ?? raise(unknownType([typeName, ...path].join("/")));
}

interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string | undefined;
  readonly apiVersion: string;
}

function toRoute(type: ServedType, place: Place, path: readonly string[]): Route | undefined {
  const { subscriptionId, resourceGroup, apiVersion } = place;
  const [name, view = "", ...more] = path;
  if (type === "locations/operations") {
    const [location = "", , id] = path;
    return id === undefined || path.length > 3
      ? undefined
      : { kind: "operation", subscriptionId, apiVersion, location, id };
  }
  if (name === undefined) return type === "images" ? { kind: "imageList", ...place } : undefined;
  const views = type === "virtualMachines" ? ["", "instanceview"] : [""];
  return resourceGroup === undefined || more.length > 0 || !views.includes(view.toLowerCase())
    ? undefined
    : { kind: "resource", type, subscriptionId, resourceGroup, name, view, apiVersion };
}

function judgeSubscription(subscriptionId: string, store: Store): void {
  const isKnown = (known: string) => known.toLowerCase() === subscriptionId.toLowerCase();
  if (!store.subscriptions.some(isKnown)) {
    throw notFound(
      "SubscriptionNotFound",
      `The subscription '${subscriptionId}' could not be found.`,
    );
  }
}

function judgeResourceGroup(resourceGroup: string | undefined, store: Store): void {
  if (resourceGroup !== undefined && !store.resourceGroups.has(resourceGroup.toLowerCase())) {
    throw notFound(
      "ResourceGroupNotFound",
      `Resource group '${resourceGroup}' could not be found.`,
    );
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new ArmError(400, "InvalidRequestUri", `The URI segment '${segment}' is malformed.`, {
      cause,
    });
  }
}

function unknownType(type: string): ArmError {
  return notFound(
    "InvalidResourceType",
    `The resource type '${type}' could not be found in the namespace 'Microsoft.Compute'.`,
  );
}

function notFound(code: string, message: string): ArmError {
  return new ArmError(404, code, message);
}

function raise(error: Error): never {
  throw error;
}
