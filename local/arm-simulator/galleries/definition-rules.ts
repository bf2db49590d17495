import { isDeepStrictEqual } from "node:util";
import { type ArmError, invalidParameter } from "../errors.ts";
import { changeNotAllowed } from "./gallery-handlers.ts";
import type { DefinitionFeature, DefinitionProperties } from "./gallery-model.ts";
import { findFeature } from "./gallery-model.ts";

const NAME = /^[A-Za-z0-9_.-]{1,80}$/;

/** From this api-version on a definition that says nothing is of generation 2. */
const GENERATION_2_SINCE = "2025-03-03";

/** Features whose order in a list says nothing; the service keeps them in this one. */
const CONTROLLER_ORDER = ["SCSI", "NVMe"];

/** Properties that never change, besides features and architecture. */
const IMMUTABLE = ["osType", "osState", "hyperVGeneration", "architecture"] as const;

/**
 * Judges a definition's name.
 *
 * @throws ArmError 400 `InvalidParameter`
 */
export function judgeDefinitionName(name: string): void {
  if (!NAME.test(name)) {
    throw invalidParameter(
      "galleryImageName",
      `The gallery image name '${name}' is invalid. It can have letters, digits, underscores, periods and hyphens, 80 characters at most.`,
    );
  }
}

/** Returns a definition with the service's defaults, which depend on the api-version. */
export function completeDefinition(
  properties: DefinitionProperties,
  apiVersion: string,
): DefinitionProperties {
  const isNewer = apiVersion >= GENERATION_2_SINCE;
  const hyperVGeneration = properties.hyperVGeneration ?? (isNewer ? "V2" : "V1");
  const features = (properties.features ?? []).map(orderControllers);
  const isPlain = findFeature(properties, "SecurityType") === "";
  const security =
    isNewer && isPlain && properties.hyperVGeneration === undefined
      ? [{ name: "SecurityType", value: "TrustedLaunchSupported" }]
      : [];
  const all = [...features, ...security];
  return {
    ...properties,
    hyperVGeneration,
    architecture: properties.architecture ?? "x64",
    ...(all.length === 0 ? {} : { features: all }),
  };
}

/**
 * Judges what the schema cannot say about a definition.
 *
 * @throws ArmError 400 `InvalidParameter`
 */
export function judgeDefinition(properties: DefinitionProperties): void {
  for (const [name, value] of Object.entries(properties.identifier)) {
    if (!/^[\w.-]{1,128}(?<!\.)$/.test(value)) {
      throw invalidParameter(
        `galleryImage.properties.identifier.${name}`,
        `The value '${value}' of parameter identifier.${name} is invalid. It can have letters, digits, underscores, periods and hyphens, and must not end in a period.`,
      );
    }
  }
  if (properties.hyperVGeneration === "V2") return;
  const security = findFeature(properties, "SecurityType");
  if (properties.architecture === "Arm64") throw needsGeneration2("architecture Arm64");
  if (/TrustedLaunch|Confidential/i.test(security))
    throw needsGeneration2(`SecurityType ${security}`);
}

/**
 * Judges whether an existing definition can become what a body says. What the body leaves out stays.
 *
 * @throws ArmError 409 `PropertyChangeNotAllowed`
 */
export function judgeDefinitionChange(
  before: DefinitionProperties,
  after: Partial<DefinitionProperties>,
): void {
  const changed = IMMUTABLE.find((key) => after[key] !== undefined && after[key] !== before[key]);
  if (changed !== undefined) throw changeNotAllowed(`galleryImage.properties.${changed}`);
  if (after.identifier !== undefined && !isDeepStrictEqual(after.identifier, before.identifier)) {
    throw changeNotAllowed("galleryImage.properties.identifier");
  }
  if (after.features === undefined || after.allowUpdateImage === true) return;
  const names = [...(before.features ?? []), ...after.features].map(({ name = "" }) => name);
  const feature = names.find(
    (name) => findFeature(before, name) !== findFeature({ ...before, ...after }, name),
  );
  // The stored value is compared as it is: https://github.com/Azure/bicep-types-az/issues/2430.
  if (feature !== undefined) throw changeNotAllowed(feature);
}

function orderControllers(feature: DefinitionFeature): DefinitionFeature {
  if (feature.name?.toLowerCase() !== "diskcontrollertypes") return feature;
  const given = (feature.value ?? "").split(",").map((type) => type.trim().toLowerCase());
  const known = CONTROLLER_ORDER.filter((type) => given.includes(type.toLowerCase()));
  return { ...feature, value: known.join(", ") };
}

function needsGeneration2(what: string): ArmError {
  return invalidParameter(
    "galleryImage.properties.hyperVGeneration",
    `A gallery image with ${what} must have hyperVGeneration 'V2'.`,
  );
}
