import { lines } from "../disk/format/fix-commands.ts";
import { OF_DEFINITION, OF_VERSION } from "./fix-names.ts";
import type { ServiceErrorRule } from "./rule.ts";

/**
 * What passes by itself, or with another try under the same number. A version that failed keeps its
 * number: the app deletes its own and requests it again.
 */
export const GALLERY_TRANSIENT_RULES: readonly ServiceErrorRule[] = [
  {
    words: ["BeginGetAccessForGalleryImageVersion", "ResponseFromPIR"],
    cause:
      "An internal step of Azure failed; the version remains `Failed` and occupies its number.",
    fix: lines(
      "Azure had a temporary problem. If the version still exists as Failed, delete it:",
      `az sig image-version delete ${OF_VERSION}`,
      "Then upload the manifest (or the disk) again.",
    ),
    retry: "later",
  },
  {
    codes: ["ValidationError", "GalleryReplicationFailed"],
    words: ["replication"],
    cause: "Azure could not replicate the version to one or more regions; the message names them.",
    fix: lines(
      "Remove the failed regions from the version, and add them back:",
      `az sig image-version show ${OF_VERSION} --expand ReplicationStatus --query replicationStatus.summary`,
      `az sig image-version update ${OF_VERSION} --target-regions REGION REGION`,
      "The list in --target-regions is the complete one: a region that is not in it loses its replicas.",
    ),
    retry: "later",
  },
  {
    words: ["too many requests on"],
    cause: "Several requests are reading the same source at the same time.",
    fix: "Another request is using the same source. Wait until it has ended, and upload the manifest again.",
    retry: "later",
  },
  {
    codes: ["CannotDeleteResource"],
    words: ["nested"],
    cause:
      "A gallery or definition still contains something, or Azure's cache still says so shortly after the last version was deleted.",
    fix: lines(
      "Delete the versions of the definition first, and wait some minutes:",
      `az sig image-version list ${OF_DEFINITION} --query '[].name' --output tsv`,
    ),
    retry: "later",
  },
  {
    codes: ["GalleryImageNotFound"],
    cause: "A new version is visible in all of its regions only some minutes after it is complete.",
    fix: "Wait ten minutes, and try again. If the image is still missing, check that the region is one of the version's target regions.",
    retry: "later",
  },
  {
    words: ["marked for deletion"],
    cause: "The version is being deleted; until that has ended its number is taken.",
    fix: "Wait until the version is deleted, and upload the manifest again.",
    retry: "later",
  },
];
