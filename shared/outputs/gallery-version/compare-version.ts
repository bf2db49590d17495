import { normalizeRegion } from "../../image/region.ts";
import { foldCase } from "../../image/resource-id.ts";
import { isObject } from "../../plain-object.ts";

type Body = Readonly<Record<string, unknown>>;

/**
 * Paths at which an existing version differs from what a request asks; none means it is what the
 * request would create. Only what the request says counts: the service fills in defaults, spells regions
 * for display, and does not answer Secure Boot keys.
 */
export function findVersionDifferences(asked: Body, existing: Body): readonly string[] {
  return [
    ...compare(toComparable(asked), toComparable(existing), ""),
    ...findExtraDisks(asked, existing),
  ];
}

function compare(asked: unknown, existing: unknown, path: string): string[] {
  if (!isObject(asked)) return normalize(asked, path) === normalize(existing, path) ? [] : [path];
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

/** Lists become objects by what tells their items apart; what the service does not answer is left out. */
function toComparable(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    return Object.fromEntries(
      value.map((item: unknown, index) => [identify(item, index), toComparable(item, key)]),
    );
  }
  if (!isObject(value)) return value;
  const { securityProfile: _, ...kept } = value;
  const own = key === "properties" ? kept : value;
  return Object.fromEntries(
    Object.entries(own).map(([name, item]) => [name, toComparable(item, name)]),
  );
}

function identify(item: unknown, index: number): string {
  if (!isObject(item)) return String(index);
  if (item.lun !== undefined) return `lun ${String(item.lun)}`;
  const zone = isObject(item.extendedLocation) ? item.extendedLocation.name : undefined;
  if (typeof zone === "string") return foldCase(zone);
  return typeof item.name === "string" ? normalizeRegion(item.name) : String(index);
}

function findExtraDisks(asked: Body, existing: Body): string[] {
  const profile = (body: Body): Body => {
    const properties = isObject(body.properties) ? body.properties : {};
    return isObject(properties.storageProfile) ? properties.storageProfile : {};
  };
  if (profile(asked).source !== undefined) return [];
  const luns = (body: Body): unknown[] => {
    const { dataDiskImages } = profile(body);
    return Array.isArray(dataDiskImages) ? dataDiskImages.map((disk) => Object(disk).lun) : [];
  };
  const wanted = luns(asked);
  return luns(existing)
    .filter((lun) => !wanted.includes(lun))
    .map((lun) => `properties.storageProfile.dataDiskImages.lun ${String(lun)}`);
}

function normalize(value: unknown, path: string): unknown {
  if (typeof value !== "string" || /^tags\.|\.uri$/.test(path)) return value;
  if (path.endsWith(".endOfLifeDate")) return Date.parse(value);
  const isRegion = path === "location" || path.endsWith(".name");
  return isRegion ? normalizeRegion(value) : foldCase(value);
}
