import { ArmError } from "../errors.ts";
import { judgeResourceGroup, judgeSubscription } from "../management/scope.ts";
import { splitPath } from "../resource-id.ts";
import type { Service } from "../service.ts";
import {
  findServedType,
  isListedType,
  isOperationType,
  isResourceType,
  judgeApiVersion,
  type ListedType,
  type OperationType,
  type ResourceType,
  type ServedType,
} from "./api-versions.ts";

/** Where something is, and the API version of the request. */
interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string | undefined;
  readonly apiVersion: string;
}

/** What a request is about. */
export type Route =
  | (Place & {
      readonly kind: "resource";
      /** In lower case where it is a gallery's. */
      readonly type: ResourceType;
      readonly resourceGroup: string;
      readonly name: string;
      /** `instanceView` of a virtual machine, or "". */
      readonly view: string;
    })
  | (Place & {
      readonly kind: "list";
      readonly type: ListedType;
      /** Names of what the list is in; "" for a list of a resource group or a subscription. */
      readonly name: string;
    })
  | (Place & {
      readonly kind: "operation";
      readonly type: OperationType;
      readonly location: string;
      readonly id: string;
    });

/**
 * Returns what a URL asks for. Names of path segments are matched in any case, all segments are
 * percent-decoded.
 *
 * @throws ArmError in the order in which Resource Manager judges: subscription, type, api-version,
 * resource group
 */
export function parseRoute(url: URL, service: Service): Route {
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  const [root, subscriptionId = "", ...rest] = segments.map(decodeSegment);
  if (root?.toLowerCase() !== "subscriptions" || subscriptionId === "") {
    throw notFound("InvalidResourceType", `No resource exists at '${url.pathname}'.`);
  }
  judgeSubscription(service, subscriptionId);
  const inGroup = rest[0]?.toLowerCase() === "resourcegroups";
  const resourceGroup = inGroup ? rest[1] : undefined;
  const [providers, namespace = "", typeName = "", ...path] = inGroup ? rest.slice(2) : rest;
  if (providers?.toLowerCase() !== "providers" || namespace.toLowerCase() !== "microsoft.compute") {
    throw notFound("InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
  }
  const { type, name } = readPath([typeName, ...path]);
  const served = findServedType(type);
  if (served === undefined) throw unknownType(type);
  const apiVersion = judgeApiVersion(url, served, service.location);
  if (resourceGroup !== undefined) judgeResourceGroup(service, resourceGroup);
  const place = { subscriptionId, resourceGroup, apiVersion };
  return toRoute(served, place, name, path) ?? raise(unknownType([typeName, ...path].join("/")));
}

/** Returns type and names of a path below the provider; an operation's type has no name in it. */
function readPath(path: readonly string[]): { readonly type: string; readonly name: string } {
  const [first = "", , third = ""] = path;
  if (first.toLowerCase() === "locations") return { type: `${first}/${third}`, name: "" };
  const isView = first.toLowerCase() === "virtualmachines" && path.length > 2;
  return splitPath(isView ? path.slice(0, 2) : path);
}

function toRoute(
  type: ServedType,
  place: Place,
  name: string,
  path: readonly string[],
): Route | undefined {
  if (isOperationType(type)) {
    const [location = "", , id] = path;
    return id === undefined || path.length > 3
      ? undefined
      : { kind: "operation", ...place, type, location, id };
  }
  const { resourceGroup } = place;
  if (path.length % 2 === 0 && type !== "virtualMachines") {
    const isNested = type.includes("/");
    const isComplete = !isNested || resourceGroup !== undefined;
    return isListedType(type) && isComplete ? { kind: "list", ...place, type, name } : undefined;
  }
  const [, view = "", ...more] = type === "virtualMachines" ? path : [];
  const isKnownView = ["", "instanceview"].includes(view.toLowerCase()) && more.length === 0;
  return resourceGroup === undefined || name === "" || !isKnownView || !isResourceType(type)
    ? undefined
    : { kind: "resource", ...place, resourceGroup, type, name, view };
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
