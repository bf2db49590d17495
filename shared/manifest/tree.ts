import type { Node } from "jsonc-parser";
import type { Finding, Path } from "./problem.ts";

/**
 * Mistakes that are lost once the text has become values: keys that come twice, of which the last would
 * win; `__proto__`, which would not become a key; and texts that cannot be stored.
 */
export function checkTree(root: Node): Finding[] {
  const findings: Finding[] = [];
  const open: { node: Node; path: Path }[] = [{ node: root, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    findings.push(...checkText(node, path));
    if (node.type === "object") findings.push(...checkKeys(node, path));
    open.push(...childrenOf(node, path));
  }
  return findings;
}

function childrenOf(node: Node, path: Path): { node: Node; path: Path }[] {
  const children = node.children ?? [];
  if (node.type === "array")
    return children.map((child, index) => ({ node: child, path: [...path, index] }));
  return children.flatMap((property) => {
    const value = property.children?.[1];
    return value === undefined ? [] : [{ node: value, path: [...path, keyOf(property)] }];
  });
}

function checkKeys(object: Node, path: Path): Finding[] {
  const seen = new Set<string>();
  return (object.children ?? []).flatMap((property) => {
    const key = keyOf(property);
    if (key === "__proto__")
      return [{ path: [...path, key], message: "is not a known key; remove it" }];
    if (!key.isWellFormed() || key.includes("\0")) {
      return [{ path, message: "has a key with half a surrogate pair or a NUL character" }];
    }
    if (seen.has(key))
      return [{ path: [...path, key], message: "appears twice; remove one of the two" }];
    seen.add(key);
    return [];
  });
}

function checkText(node: Node, path: Path): Finding[] {
  const { value }: { value?: unknown } = node;
  if (node.type !== "string" || typeof value !== "string") return [];
  if (!value.isWellFormed()) return [{ path, message: "contains half a surrogate pair" }];
  return value.includes("\0") ? [{ path, message: "contains a NUL character" }] : [];
}

function keyOf(property: Node): string {
  return String(property.children?.[0]?.value);
}
