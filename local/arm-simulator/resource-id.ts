/** The parts of the id of a Compute resource. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** As written in the id, e.g. `snapshots`. */
  readonly type: string;
  readonly name: string;
}

const SHAPE =
  /^\/subscriptions\/(?<subscriptionId>[^/]+)\/resourceGroups\/(?<resourceGroup>[^/]+)\/providers\/Microsoft\.Compute\/(?<type>[^/]+)\/(?<name>[^/]+)$/i;

/** Returns the parts of a Compute resource's id, or undefined for anything else. */
export function parseResourceId(id: string): ResourceId | undefined {
  const groups = SHAPE.exec(id)?.groups;
  if (groups === undefined) return undefined;
  const { subscriptionId = "", resourceGroup = "", type = "", name = "" } = groups;
  return { subscriptionId, resourceGroup, type, name };
}

/** Returns the id of a Compute resource in the spelling of the parts given. */
export function formatResourceId(id: ResourceId): string {
  return `/subscriptions/${id.subscriptionId}/resourceGroups/${id.resourceGroup}/providers/Microsoft.Compute/${id.type}/${id.name}`;
}

/** Returns the form in which ids are compared: Resource Manager ignores their case. */
export function toKey(id: string): string {
  return id.toLowerCase();
}
