import { escapeRegExp } from "../regexp-text.ts";

/** A compiled route template. */
export interface Route {
  readonly template: string;
  /** Returns the values of the parameters, or undefined when the path does not match. */
  match(path: string): Readonly<Record<string, string>> | undefined;
  /** Routes with a smaller key are tried first: literals before parameters before catch-alls. */
  readonly precedence: string;
}

const PARAMETER =
  /\{(?<star>\*{0,2})(?<name>\w+)(?::[^}?=]*)?(?:=(?<fallback>[^}?]*))?(?<optional>\?)?\}/;

interface CompiledSegment {
  readonly source: string;
  readonly rank: string;
}

/**
 * Returns the route of a template such as `status/{id?}` or `files/{*path}`. Parameters may be
 * optional, have a default or take the rest of the path; literals match in any case. Constraints
 * (`{id:int}`) are accepted and not enforced.
 */
export function compileRoute(template: string): Route {
  const segments = template.split("/").filter((segment) => segment !== "");
  const defaults: Record<string, string> = {};
  const compiled = segments.map((segment) => compileSegment(segment, defaults));
  const expression = new RegExp(`^${compiled.map(({ source }) => source).join("")}/?$`, "i");
  return {
    template,
    precedence: compiled.map(({ rank }) => rank).join("") || "0",
    match(path) {
      const found = expression.exec(path);
      if (found === null) return undefined;
      const values = Object.entries(found.groups ?? {}).filter(([, value]) => value !== undefined);
      return { ...defaults, ...Object.fromEntries(values.map(decodeValue)) };
    },
  };
}

function compileSegment(segment: string, defaults: Record<string, string>): CompiledSegment {
  const whole = new RegExp(`^${PARAMETER.source}$`).exec(segment)?.groups;
  if (whole === undefined) return compileMixedSegment(segment);
  const { star, name = "", fallback, optional } = whole;
  if (fallback !== undefined) defaults[name] = fallback;
  if (star) return { source: `(?:/(?<${name}>.*))?`, rank: "3" };
  const canBeAbsent = optional !== undefined || fallback !== undefined;
  return { source: canBeAbsent ? `(?:/(?<${name}>[^/]+))?` : `/(?<${name}>[^/]+)`, rank: "2" };
}

/** A segment such as `page-{number}.html`, or one without a parameter. */
function compileMixedSegment(segment: string): CompiledSegment {
  const parts = segment.split(new RegExp(`(${PARAMETER.source.replace(/\?<\w+>/g, "?:")})`));
  const source = parts.map((part) => {
    const name = new RegExp(`^${PARAMETER.source}$`).exec(part)?.groups?.name;
    return name === undefined ? escapeRegExp(part) : `(?<${name}>[^/]+?)`;
  });
  return { source: `/${source.join("")}`, rank: parts.length === 1 ? "0" : "1" };
}

function decodeValue([name, value]: [string, string]): [string, string] {
  try {
    return [name, decodeURIComponent(value)];
  } catch {
    return [name, value];
  }
}
