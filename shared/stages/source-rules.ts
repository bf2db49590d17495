import { explainArm64 } from "../disk/advice.ts";
import { normalizeRegion } from "../image/region.ts";
import type { ResourceSource } from "../image/resource-sources.ts";
import type { SourceFacts } from "../ports.ts";

/** A source as it was read, and what it is for. */
export interface SourceCase {
  readonly source: ResourceSource;
  readonly facts: SourceFacts;
  /** Of the image, or of the image version. */
  readonly location: string;
  /** Whether a managed image is created; an image version takes more. */
  readonly makesImage: boolean;
}

/** One requirement of the service that a source may not meet. */
export interface SourceRule {
  /** Error code: what the service itself answers to the PUT. */
  readonly code: "NotFound" | "OperationNotAllowed";
  /** Why, in one sentence. */
  readonly why: string;
  /** What is wrong, to be put after the name of the source; null when the rule holds. No full stop. */
  readonly problem: (read: SourceCase) => string | null;
  /** What to do about it. Full sentences. */
  readonly fix: (read: SourceCase) => string;
}

/** Power states in which the disks of a machine do not change any more. */
const AT_REST = ["stopped", "deallocated"];

/**
 * What ends a request before the service is asked. All that are broken are reported.
 * https://learn.microsoft.com/azure/virtual-machines/capture-image-resource
 */
export const SOURCE_RULES: readonly SourceRule[] = [
  {
    code: "NotFound",
    why: "Azure looks up sources only in the location of the image.",
    problem: ({ facts, location }) =>
      facts.location === null || normalizeRegion(facts.location) === normalizeRegion(location)
        ? null
        : `is in the location '${facts.location}', but the image is to be created in '${location}'`,
    fix: ({ source, facts, location }) =>
      source.kind === "virtualMachine"
        ? `Set 'location' to '${facts.location}'.`
        : `Set 'location' to '${facts.location}', or copy the disk to '${location}' as a snapshot ('az snapshot create --copy-start true').`,
  },
  {
    code: "OperationNotAllowed",
    why: "An image is created from a machine only after it has been marked as generalized.",
    problem: ({ facts, makesImage }) =>
      makesImage && facts.machine?.isGeneralized === false ? "is not marked as generalized" : null,
    fix: ({ source }) =>
      `Generalize the operating system (sysprep, or waagent -deprovision), then 'az vm deallocate --ids ${source.id}' and 'az vm generalize --ids ${source.id}', and upload the manifest again.`,
  },
  {
    code: "OperationNotAllowed",
    why: "The disks of a machine that is not deallocated may change while the image is created.",
    problem: ({ facts: { machine } }) =>
      machine === null || machine.powerState === null || AT_REST.includes(machine.powerState)
        ? null
        : `is ${machine.powerState}, not deallocated`,
    fix: ({ source }) => `Stop it with 'az vm deallocate --ids ${source.id}'.`,
  },
];

/** Something that a user should know though the service may take the source. */
export interface SourceWarning {
  readonly holds: (read: SourceCase) => boolean;
  /** To be put after the name of the source. No full stop. */
  readonly text: (read: SourceCase) => string;
}

/** What is reported, and does not end the request. */
export const SOURCE_WARNINGS: readonly SourceWarning[] = [
  {
    holds: ({ facts }) => facts.machine?.isGeneralized === null,
    text: () => "does not show whether it is generalized",
  },
  {
    holds: ({ facts }) => facts.machine !== null && facts.machine.powerState === null,
    text: () => "does not show whether it is deallocated",
  },
  {
    holds: ({ facts }) => facts.machine?.powerState === "stopped",
    text: ({ source }) =>
      `is stopped, but not deallocated: if Azure refuses it, deallocate it ('az vm deallocate --ids ${source.id}')`,
  },
  {
    holds: ({ source, facts, makesImage }) =>
      makesImage && source.role === "os" && facts.architecture === "Arm64",
    text: () => explainArm64("it"),
  },
  {
    // https://learn.microsoft.com/azure/virtual-machines/trusted-launch#unsupported-features
    holds: ({ source, facts, makesImage }) =>
      makesImage && source.role === "os" && facts.securityType !== null,
    text: ({ facts }) =>
      `has the security type ${facts.securityType}, which managed images do not support; create an Azure Compute Gallery image version from it instead`,
  },
];
