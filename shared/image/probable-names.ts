import { LIMITS } from "../limits.ts";

/** What is known when a text is to be taken for a blob's name. */
export interface NamePlace {
  readonly container: string;
  /** Folder of the manifest with its slash at the end; empty at the root of the container. */
  readonly folder: string;
}

const MAX_NAME = LIMITS.blobName.limit;
/** `https://host/`, and the host of a concatenated URI whose beginning is another text. */
const SCHEME = "://";

/**
 * Names that somebody who wrote `text` for a blob probably meant, the likeliest first, without the
 * text itself: the container in front of it, slashes that do not belong there, blanks at the ends,
 * percent-encoding, a name relative to the manifest's folder, a file's path, another extension. A
 * difference in case makes no name of its own here: names are compared without it.
 */
export function probableNames(text: string, { container, folder }: NamePlace): readonly string[] {
  const path = text.length > LIMITS.blobUri.limit ? "" : tidy(text);
  if (path === "" || path.length > MAX_NAME) return [];
  const decoded = decode(path);
  const paths = [...new Set([path, decoded])];
  const bare = paths.flatMap((name) => [withoutContainer(name, container), name]);
  const file = bare.map((name) => name.slice(name.lastIndexOf("/") + 1));
  const all = [
    ...bare,
    ...bare.map((name) => folder + name),
    ...file,
    ...file.map((name) => folder + name),
  ];
  return [...new Set(all.flatMap(asVhd))].filter((name) => name !== text && name !== "");
}

/** The folder of a blob, with its slash; empty for one at the root. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}

/** A path with plain slashes, without blanks around it, host, query, and slashes or dots in front. */
function tidy(text: string): string {
  const scheme = text.indexOf(SCHEME);
  const local = scheme < 0 ? text : text.slice(text.indexOf("/", scheme + SCHEME.length) + 1);
  const query = local.search(/[?#]/);
  const segments = (query < 0 ? local : local.slice(0, query))
    .trim()
    .replaceAll("\\", "/")
    .split("/")
    .map((segment) => segment.trim());
  return segments.filter((segment) => !["", ".", ".."].includes(segment)).join("/");
}

function withoutContainer(path: string, container: string): string {
  const isInside = path.toLowerCase().startsWith(`${container.toLowerCase()}/`);
  return isInside ? path.slice(container.length + 1) : path;
}

/** The name as a VHD's: a disk in another format, or without extension, is uploaded as one. */
function asVhd(name: string): string[] {
  if (name.toLowerCase().endsWith(".vhd")) return [name];
  const dot = name.lastIndexOf(".");
  const stem = dot > name.lastIndexOf("/") + 1 ? name.slice(0, dot) : name;
  const isWrapped = stem.toLowerCase().endsWith(".vhd");
  return isWrapped ? [name, stem] : [name, `${stem}.vhd`, `${name}.vhd`];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return text;
  }
}
