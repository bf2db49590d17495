import type { ImageDraft } from "../../image/image-request.ts";

/** Kinds of sources of a version's system. */
export type VersionSource =
  | "blob"
  | "disk"
  | "virtualMachine"
  | "managedImage"
  | "galleryVersion"
  | "communityGalleryImage";

/** Which definitions a kind of source can be published under. */
export interface LegalSource {
  /** As messages call it. */
  readonly noun: string;
  /** Values of SecurityType besides Standard and none, which every source suits. In lower case. */
  readonly securityTypes: readonly string[];
  /** Whether data disks can be given beside it. */
  readonly withDataDisks: boolean;
  readonly why: string;
}

const GENERIC = [
  "trustedlaunchsupported",
  "confidentialvmsupported",
  "trustedlaunchandconfidentialvmsupported",
] as const;
const WITH_STATE = ["trustedlaunch", "confidentialvm"] as const;

/**
 * What Azure publishes under which definition; everything else is refused before the PUT.
 * https://learn.microsoft.com/azure/virtual-machines/trusted-launch-portal and
 * https://learn.microsoft.com/azure/virtual-machines/shared-image-galleries
 */
export const LEGAL_SOURCES: Readonly<Record<VersionSource, LegalSource>> = {
  blob: {
    noun: "a VHD",
    securityTypes: GENERIC,
    withDataDisks: true,
    why: "A VHD carries no guest state (VMGS), which TrustedLaunch and ConfidentialVM need (hashicorp/packer-plugin-azure#372).",
  },
  disk: {
    noun: "a managed disk or snapshot",
    securityTypes: WITH_STATE,
    withDataDisks: true,
    why: "The types that end in Supported take VHDs, managed images and versions only (hashicorp/packer-plugin-azure#304).",
  },
  virtualMachine: {
    noun: "a virtual machine",
    securityTypes: WITH_STATE,
    withDataDisks: false,
    why: "A machine brings its guest state and all its disks with it.",
  },
  managedImage: {
    noun: "a managed image",
    securityTypes: GENERIC,
    withDataDisks: false,
    why: "A managed image carries no guest state and brings its data disks with it.",
  },
  galleryVersion: {
    noun: "an image version",
    securityTypes: [...GENERIC, ...WITH_STATE],
    withDataDisks: false,
    why: "A version carries what its own definition says and brings its data disks with it.",
  },
  communityGalleryImage: {
    noun: "an image of a community gallery",
    securityTypes: GENERIC,
    withDataDisks: false,
    why: "Community galleries have no images with guest state: TrustedLaunch and ConfidentialVM are for private galleries only.",
  },
};

/** What a version takes its system from. */
export function sourceOf({ gallery, sourceVirtualMachine, osDisk }: ImageDraft): VersionSource {
  if (gallery?.source) return gallery.source.kind;
  if (sourceVirtualMachine !== undefined) return "virtualMachine";
  return osDisk !== undefined && "id" in osDisk.source ? "disk" : "blob";
}

/** Why a source cannot be published under a definition of this SecurityType, as a clause; null if it can. */
export function findIllegalSource(source: VersionSource, securityType: string): string | null {
  const { noun, securityTypes, why } = LEGAL_SOURCES[source];
  const type = securityType.toLowerCase();
  if (["standard", "none", "", ...securityTypes].includes(type)) return null;
  const isKnown = [...GENERIC, ...WITH_STATE].some((known) => known === type);
  return isKnown
    ? `the definition has the SecurityType ${securityType}, under which ${noun} cannot be published: ${why}`
    : null;
}
