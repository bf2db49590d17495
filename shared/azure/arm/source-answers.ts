import type { SourceKind } from "../../image/resource-sources.ts";
import type { MachineState, SourceFacts } from "../../ports.ts";
import { ARCHITECTURES, GENERATIONS, OS_TYPES } from "../../vocabulary.ts";
import { type Document, objectAt, readDocument, sizeOf, wordOf } from "./answer-document.ts";
import type { ArmAnswer } from "./arm-error.ts";

/** Longer than the name of any region, state or type; the rest of what is longer is dropped. */
const MAX_CHARACTERS = 100;

/**
 * A size of machine, with the small letters after the number of processors: a `p` among them is an Arm
 * processor, as in `Standard_D2ps_v5`.
 * https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
 */
const SIZE_FEATURES = /^[A-Za-z]+_[A-Z]+\d+(?:-\d+)?(?<features>[a-z]*)(?:_|$)/;
const ARM_FEATURE = "p";

/**
 * What an answer says about a source. Values that the API does not have count as absent: they decide
 * nothing, and nothing but short texts ends up in the record.
 * @throws ServiceError when the answer is not a JSON object.
 */
export function toSourceFacts(kind: SourceKind, answer: ArmAnswer): SourceFacts {
  const body = readDocument(answer);
  const properties = objectAt(body, "properties");
  const security = textOf(objectAt(properties, "securityProfile").securityType);
  const common = {
    location: textOf(body.location),
    // Since 2025-11-01 machines without such a type are said to be of the type `Standard`.
    securityType: wordOf(security) === "standard" ? null : security,
  };
  return kind === "virtualMachine"
    ? { ...common, ...readMachine(properties) }
    : { ...common, ...readDisk(properties), machine: null };
}

type OwnFacts = Omit<SourceFacts, "location" | "securityType">;

function readDisk(properties: Document): Omit<OwnFacts, "machine"> {
  const { architecture } = objectAt(properties, "supportedCapabilities");
  return {
    osType: oneOf(properties.osType, OS_TYPES),
    hyperVGeneration: oneOf(properties.hyperVGeneration, GENERATIONS),
    architecture: oneOf(architecture, ARCHITECTURES),
    sizeGib: sizeOf(properties.diskSizeGB),
  };
}

function readMachine(properties: Document): OwnFacts {
  const { osType } = objectAt(objectAt(properties, "storageProfile"), "osDisk");
  const { vmSize } = objectAt(properties, "hardwareProfile");
  const view = objectAt(properties, "instanceView");
  return {
    osType: oneOf(osType, OS_TYPES),
    hyperVGeneration: oneOf(view.hyperVGeneration, GENERATIONS),
    architecture: isArmSize(textOf(vmSize) ?? "") ? "Arm64" : null,
    sizeGib: null,
    machine: readState(view.statuses),
  };
}

function isArmSize(size: string): boolean {
  return SIZE_FEATURES.exec(size)?.groups?.features?.includes(ARM_FEATURE) ?? false;
}

/**
 * Codes like `OSState/generalized` and `PowerState/deallocated`; a machine that is not generalized has
 * none of the first kind.
 * https://learn.microsoft.com/azure/virtual-machines/states-billing
 */
function readState(statuses: unknown): MachineState {
  if (!Array.isArray(statuses)) return { isGeneralized: null, powerState: null };
  const codes = statuses.map((status) => wordOf(Object(status).code)?.slice(0, MAX_CHARACTERS));
  const power = codes.find((code) => code?.startsWith("powerstate/"));
  return {
    isGeneralized: codes.includes("osstate/generalized"),
    powerState: power?.slice("powerstate/".length) || null,
  };
}

function oneOf<const Value extends string>(value: unknown, allowed: readonly Value[]) {
  return allowed.find((candidate) => candidate.toLowerCase() === wordOf(value)) ?? null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, MAX_CHARACTERS) : null;
}
