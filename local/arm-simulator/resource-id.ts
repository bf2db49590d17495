/** The parts of the id of a Compute resource. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** As written in the id, e.g. `snapshots`; of a nested resource `galleries/images`. */
  readonly type: string;
  /** One name for each part of the type, e.g. `web`; of a nested resource `myGallery/ubuntu`. */
  readonly name: string;
}

const SHAPE =
  /^\/subscriptions\/(?<subscriptionId>[^/]+)\/resourceGroups\/(?<resourceGroup>[^/]+)\/providers\/Microsoft\.Compute\/(?<path>[^/]+\/[^/]+(?:\/[^/]+\/[^/]+)*)$/i;

/** Returns the parts of a Compute resource's id, or undefined for anything else. */
export function parseResourceId(id: string): ResourceId | undefined {
  const groups = SHAPE.exec(id)?.groups;
  if (groups === undefined) return undefined;
  const { subscriptionId = "", resourceGroup = "", path = "" } = groups;
  return { subscriptionId, resourceGroup, ...splitPath(path.split("/")) };
}

/** Returns type and name of the path `type/name/type/name…`; a last type may have no name. */
export function splitPath(segments: readonly string[]): Pick<ResourceId, "type" | "name"> {
  return {
    type: segments.filter((_, index) => index % 2 === 0).join("/"),
    name: segments.filter((_, index) => index % 2 === 1).join("/"),
  };
}

/** Returns the path `type/name/type/name…` of a resource below its provider. */
export function joinPath({ type, name }: Pick<ResourceId, "type" | "name">): string {
  const names = name.split("/");
  const pairs = type.split("/").map((part, index) => `${part}/${names[index] ?? ""}`);
  return pairs.join("/");
}

/** Returns the id of a Compute resource in the spelling of the parts given. */
export function formatResourceId(id: ResourceId): string {
  return `/subscriptions/${id.subscriptionId}/resourceGroups/${id.resourceGroup}/providers/Microsoft.Compute/${joinPath(id)}`;
}

/** Returns the id of the resource that a nested one is in, or undefined for one that is in none. */
export function findParentId({ type, name, ...place }: ResourceId): ResourceId | undefined {
  const typeEnd = type.lastIndexOf("/");
  return typeEnd < 0
    ? undefined
    : { ...place, type: type.slice(0, typeEnd), name: name.slice(0, name.lastIndexOf("/")) };
}

/** Returns the resource's own name, without those of the resources it is in. */
export function lastName({ name }: Pick<ResourceId, "name">): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Returns the form in which ids are compared: Resource Manager ignores their case. */
export function toKey(id: string): string {
  return id.toLowerCase();
}
