import { lines } from "../disk/format/fix-commands.ts";
import { OF_DEFINITION, OF_GALLERY, OF_VERSION } from "./fix-names.ts";
import type { ServiceErrorRule } from "./rule.ts";

const SHOW_DEFINITION = `az sig image-definition show ${OF_DEFINITION}`;
const LIST_GALLERIES = "az sig list --query '[].id' --output tsv";

/** What is wrong with the gallery, the definition or the number that a request names. */
export const GALLERY_TARGET_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["PropertyChangeNotAllowed"],
    words: ["DiskControllerTypes"],
    cause:
      "The definition exists and has another value of DiskControllerTypes. Azure also rejects the same values in another order, because it keeps `SCSI, NVMe`.",
    fix: "Leave 'createDefinition' out: the definition exists, and its features cannot be changed.",
    retry: "never",
  },
  {
    codes: ["PropertyChangeNotAllowed"],
    words: ["galleryImageVersion", "galleryArtifactVersion", "/versions/"],
    cause:
      "The version exists and was made from another source, or another request created the same number first.",
    fix: `A version cannot be changed. Set 'gallery.version' to a number that does not exist, or to "auto".`,
    retry: "never",
  },
  {
    codes: ["PropertyChangeNotAllowed"],
    words: ["galleryImage.properties"],
    cause:
      "The definition exists, and its operating system, state, generation, architecture and identifier cannot be changed.",
    fix: lines(
      "Leave 'createDefinition' out, or choose another 'gallery.definition'. To see what exists:",
      SHOW_DEFINITION,
    ),
    retry: "never",
  },
  {
    codes: ["InvalidParameter", "InvalidGalleryImageVersionName"],
    words: ["version name", "galleryImageVersionName"],
    cause: "The version is not three numbers from 0 to 2147483647, separated by dots.",
    fix: `Set 'gallery.version' to three numbers, such as "1.4.0", or to "auto".`,
    retry: "never",
  },
  {
    codes: ["NotFound", "ResourceNotFound", "InvalidParameter"],
    words: ["storageProfile", "source was not found", "please check source exists"],
    statuses: [404],
    cause:
      "A source of the version does not exist, was deleted, or is not in the region of the version.",
    fix: "Check that every source exists, and in the region of the version: 'gallery.location', or else the region of the storage account.",
    retry: "never",
  },
  {
    codes: ["ParentResourceNotFound"],
    cause: "The gallery or the definition does not exist.",
    fix: lines(
      "Correct 'gallery.name' and 'gallery.definition', or create what is missing. The app creates a definition if the manifest has 'createDefinition' and ALLOW_DEFINITION_CREATE is true; it never creates a gallery. To see what exists:",
      LIST_GALLERIES,
      `az sig image-definition list ${OF_GALLERY} --query '[].name' --output tsv`,
    ),
    retry: "never",
  },
  {
    codes: ["NotFound", "ResourceNotFound"],
    words: ["Microsoft.Compute/galleries", "parent resource"],
    cause: "The gallery or the definition does not exist.",
    fix: lines(
      "Correct 'gallery.name' and 'gallery.definition', or create what is missing. To see what exists:",
      LIST_GALLERIES,
    ),
    retry: "never",
  },
  {
    codes: ["DeleteGalleryImageVersionBlockedBeforeEndOfLife"],
    cause: "The version has `blockDeletionBeforeEndOfLife`, and its end of life is in the future.",
    fix: lines(
      "Clear the flag, and delete the version:",
      `az sig image-version update ${OF_VERSION} --set safetyProfile.blockDeletionBeforeEndOfLife=false`,
      `az sig image-version delete ${OF_VERSION}`,
    ),
    retry: "never",
  },
];

/**
 * A source that contradicts the definition. Azure finds it only after it has accepted the request, so
 * the error arrives inside the operation.
 */
export const GALLERY_MISMATCH_RULES: readonly ServiceErrorRule[] = [
  {
    codes: ["Conflict", "BadRequest", "InvalidParameter"],
    words: ["hypervisor generation", "hyper-v generation"],
    cause: "The disk and the definition have different generations.",
    fix: lines(
      "Publish to a definition of the generation that the message gives for the source: V1 boots with BIOS, V2 with UEFI. The generation of a definition cannot be changed. To see that of this one:",
      `${SHOW_DEFINITION} --query hyperVGeneration`,
    ),
    retry: "never",
  },
  {
    codes: ["Conflict", "BadRequest", "InvalidParameter"],
    words: ["different OS type"],
    cause: "The disk and the definition have different operating systems.",
    fix: lines(
      "Publish to a definition of the operating system that the message gives for the source. To see that of this one:",
      `${SHOW_DEFINITION} --query osType`,
    ),
    retry: "never",
  },
  {
    codes: ["Conflict", "BadRequest", "InvalidParameter"],
    words: ["OS state"],
    cause: "One of the disk and the definition is generalized, the other specialized.",
    fix: lines(
      "Publish to a definition of the same state, or generalize the source (sysprep or waagent -deprovision). To see the state of the definition:",
      `${SHOW_DEFINITION} --query osState`,
    ),
    retry: "never",
  },
  {
    codes: ["Conflict", "BadRequest", "InvalidParameter"],
    words: ["different architecture"],
    cause: "The disk and the definition have different architectures.",
    fix: lines(
      "Publish to a definition of the architecture that the message gives for the source. To see that of this one:",
      `${SHOW_DEFINITION} --query architecture`,
    ),
    retry: "never",
  },
];
