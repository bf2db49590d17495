import { isObject } from "../plain-object.ts";
import type { WireBody } from "./image-body.ts";

/**
 * Paths at which an existing image differs from what a request asks for; none means it equals the
 * request. Only what the request says counts: the service adds defaults of its own to its answers.
 * Texts are compared as the service does, regardless of case; regions also regardless of spaces.
 * Case counts in tags and in the URIs of blobs.
 */
export function findDifferences(asked: WireBody, existing: WireBody): readonly string[] {
  return [...compare(asked, existing, ""), ...compareExtraDisks(asked, existing)];
}

function compare(asked: unknown, existing: unknown, path: string): string[] {
  if (Array.isArray(asked)) {
    const others: unknown[] = Array.isArray(existing) ? existing : [];
    return asked.flatMap((item: unknown) =>
      compare(item, findByLun(others, item), `${path}[lun ${String(lunOf(item))}]`),
    );
  }
  if (isObject(asked)) {
    return Object.entries(asked)
      .filter(([, value]) => value !== undefined)
      .flatMap(([key, value]) =>
        compare(
          value,
          isObject(existing) ? existing[key] : undefined,
          path === "" ? key : `${path}.${key}`,
        ),
      );
  }
  return normalise(asked, path) === normalise(existing, path) ? [] : [path];
}

/** Data disks of the existing image that were not requested. A machine's image brings its own. */
function compareExtraDisks(asked: WireBody, existing: WireBody): string[] {
  const properties = asked.properties;
  if (isObject(properties) && properties.sourceVirtualMachine !== undefined) return [];
  const luns = new Set(dataDisksOf(asked).map(lunOf));
  return dataDisksOf(existing)
    .map(lunOf)
    .filter((lun) => !luns.has(lun))
    .map((lun) => `properties.storageProfile.dataDisks[lun ${String(lun)}]`);
}

function dataDisksOf(body: WireBody): readonly unknown[] {
  const profile = isObject(body.properties) ? body.properties.storageProfile : undefined;
  const disks = isObject(profile) ? profile.dataDisks : undefined;
  return Array.isArray(disks) ? disks : [];
}

function findByLun(disks: readonly unknown[], item: unknown): unknown {
  return disks.find((disk) => lunOf(disk) === lunOf(item));
}

function lunOf(disk: unknown): unknown {
  return isObject(disk) ? disk.lun : undefined;
}

function normalise(value: unknown, path: string): unknown {
  if (typeof value !== "string" || /^tags\.|\.blobUri$/.test(path)) return value;
  const text = value.toLowerCase();
  return path === "location" ? text.replaceAll(" ", "") : text;
}
