import { MAX_TAGS, tagProblem } from "../image/names.ts";
import { LIMITS } from "../limits.ts";
import { isObject } from "../plain-object.ts";
import { type Finding, type Path, valueAt } from "./problem.ts";

/** What is wrong with the tags at a path; `reserved` of them are the app's own. */
export function checkTags(manifest: unknown, path: Path, reserved: number): Finding[] {
  const tags = valueAt(manifest, path);
  if (!isObject(tags)) return [];
  const names = Object.keys(tags);
  const most = MAX_TAGS - reserved;
  if (names.length > most) {
    const own = reserved > 0 ? `, as the app adds ${reserved}` : "";
    return [{ path, message: `has ${names.length} tags; at most ${most} are allowed${own}` }];
  }
  return names.flatMap((name) => checkTag(path, names, name, tags[name]));
}

function checkTag(parent: Path, names: readonly string[], name: string, value: unknown): Finding[] {
  const path = [...parent, name];
  const problem = tagProblem(name, value);
  if (problem !== null) return [{ path, message: `is not allowed: ${problem}` }];
  const lower = name.toLowerCase();
  const twin = names.find(
    (other) =>
      other !== name && other.length <= LIMITS.tagName.limit && other.toLowerCase() === lower,
  );
  return twin === undefined
    ? []
    : [{ path, message: `is the same tag as '${twin}': tag names are case-insensitive` }];
}
