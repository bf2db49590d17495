import { findNodeAtLocation, type Node } from "jsonc-parser";
import { baseName } from "../image/names.ts";
import { describeValue, type Finding, formatPath, type Path } from "./problem.ts";

const MAX_NAMED = 12;

/** The warning about read-only members that were left out, as a clause. */
export function describeDropped(dropped: readonly Path[]): string {
  const names = [...new Set(dropped.map(formatPath))];
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
  return `the manifest is a response from Azure: its read-only members are ignored: ${names.slice(0, MAX_NAMED).join(", ")}${more}`;
}

/**
 * The `name` of an answer is read-only too; but one that is not the image's leaves open which of the
 * two is meant.
 */
export function checkName(root: Node, dropped: readonly Path[], manifest: string): Finding[] {
  if (!dropped.some((path) => path.length === 1 && path[0] === "name")) return [];
  const textAt = (key: string): unknown => findNodeAtLocation(root, [key])?.value;
  const name = textAt("name");
  const image = textAt("imageName") ?? baseName(manifest);
  const isSame =
    typeof name === "string" &&
    typeof image === "string" &&
    name.toLowerCase() === image.toLowerCase();
  if (isSame) return [];
  return [
    {
      path: ["name"],
      message: `is ${describeValue(name)}, but the image would be named ${describeValue(image)}; set 'imageName' to the intended name, and remove 'name'`,
    },
  ];
}
