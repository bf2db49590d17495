import type { Node } from "jsonc-parser";
import { formatPath, type Path } from "./problem.ts";

/** A manifest without what means nothing, and what was left out of it for being read-only. */
export interface Pruned {
  /** Same offsets as in the text. Undefined when nothing is left. */
  readonly root: Node | undefined;
  /** Paths of the read-only members, in the order of the text. */
  readonly dropped: readonly Path[];
}

/**
 * Members that answers of the service have and requests do not (Resource Manager, "common resource
 * definitions"; `az` adds `resourceGroup` to every reference).
 */
export const READ_ONLY_KEYS: readonly string[] = [
  "id",
  "name",
  "type",
  "etag",
  "systemData",
  "provisioningState",
];
/** Of these one alone is a slip of the pen for `imageName`, not the answer of a GET. */
const WEAK_SIGNS: readonly string[] = ["name", "type"];

const DISK = /^properties\.storageProfile\.(?:osDisk|dataDisks\[\d+\])$/;
const REFERENCE =
  /^properties\.(?:sourceVirtualMachine|storageProfile\.(?:osDisk|dataDisks\[\d+\])\.(?:snapshot|managedDisk|diskEncryptionSet))$/;

/** Which read-only members may stand in an object, by its path. */
const PLACES: readonly {
  readonly is: (path: string) => boolean;
  readonly keys: readonly string[];
}[] = [
  { is: (path) => path === "(root)", keys: READ_ONLY_KEYS },
  {
    is: (path) => path === "properties" || path === "properties.storageProfile" || DISK.test(path),
    keys: READ_ONLY_KEYS,
  },
  {
    is: (path) => REFERENCE.test(path),
    keys: READ_ONLY_KEYS.filter((key) => key !== "id").concat("resourceGroup"),
  },
];

/**
 * Leaves out what is null, which means absent: `az` and PowerShell write it. Of an answer of the
 * service the read-only members are left out too. The nodes that stay keep their places.
 */
export function prune(root: Node): Pruned {
  const present = withoutNulls(root);
  if (present === undefined || !isAnswer(present)) return { root: present, dropped: [] };
  const dropped: Path[] = [];
  return { root: withoutReadOnly(present, [], dropped), dropped };
}

function withoutNulls(node: Node): Node | undefined {
  if (node.type === "null") return undefined;
  if (node.type === "property") {
    const [key, value] = node.children ?? [];
    const kept = value === undefined ? undefined : withoutNulls(value);
    return key === undefined || kept === undefined ? undefined : adopt(node, [key, kept]);
  }
  if (node.children === undefined) return node;
  return adopt(
    node,
    node.children.flatMap((child) => withoutNulls(child) ?? []),
  );
}

/** A node with other children, which know it as their parent. */
function adopt(node: Node, children: Node[]): Node {
  const copy: Node = { ...node, children };
  for (const child of children) Object.assign(child, { parent: copy });
  return copy;
}

/** Whether the service, or a tool, has answered with this. */
function isAnswer(root: Node): boolean {
  const keys = keysOf(root);
  const properties = keysOf(memberOf(root, "properties"));
  return (
    keys.some((key) => READ_ONLY_KEYS.includes(key) && !WEAK_SIGNS.includes(key)) ||
    properties.includes("provisioningState")
  );
}

function withoutReadOnly(node: Node, path: Path, dropped: Path[]): Node {
  if (node.children === undefined || path[0] === "tags") return node;
  if (node.type === "array") {
    return adopt(
      node,
      node.children.map((child, index) => withoutReadOnly(child, [...path, index], dropped)),
    );
  }
  const text = formatPath(path);
  const readOnly = PLACES.find(({ is }) => is(text))?.keys ?? [];
  const kept = node.children.flatMap((property) => {
    const key = keyOf(property);
    if (readOnly.includes(key)) {
      dropped.push([...path, key]);
      return [];
    }
    const [name, value] = property.children ?? [];
    if (name === undefined || value === undefined) return [property];
    return [adopt(property, [name, withoutReadOnly(value, [...path, key], dropped)])];
  });
  return adopt(node, kept);
}

function keysOf(node: Node | undefined): string[] {
  return node?.type === "object" ? (node.children ?? []).map(keyOf) : [];
}

function memberOf(node: Node, key: string): Node | undefined {
  if (node.type !== "object") return undefined;
  return node.children?.find((property) => keyOf(property) === key)?.children?.[1];
}

function keyOf(property: Node): string {
  return String(property.children?.[0]?.value);
}
