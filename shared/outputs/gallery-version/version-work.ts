import type { ImageDraft } from "../../image/image-request.ts";
import { parseVersionNumber } from "../../image/version-number.ts";
import { placeVersion } from "../../image/version-region.ts";
import type { OutputProgress } from "../../record/output.ts";
import type { VersionRequest } from "./check-version.ts";
import type { Accounts } from "./version-body.ts";

/** The request, which makes a version; in the region that the check of the output has found. */
export function withGallery(request: ImageDraft, { notes }: OutputProgress): VersionRequest {
  const { gallery } = request;
  if (gallery === undefined) throw new TypeError("the request makes no image version");
  const { region } = notes;
  return {
    ...request,
    gallery: typeof region === "string" ? placeVersion(gallery, region) : gallery,
  };
}

/** Whether the app chooses the number. */
export function isOpenNumber(version: string): boolean {
  return parseVersionNumber(version) === null;
}

/** The number of a version; null before it has one. */
export function versionOf(asked: string, { progress }: OutputProgress): string | null {
  if (!isOpenNumber(asked)) return asked;
  return typeof progress.version === "string" ? progress.version : null;
}

/** The number of a version that was checked. */
export function numberOf(request: ImageDraft, output: OutputProgress): string {
  const version = versionOf(withGallery(request, output).gallery.version, output);
  if (version === null) throw new TypeError("the version has no number yet");
  return version;
}

/** The accounts that the check has found. */
export function accountsOf({ notes }: OutputProgress): Accounts {
  return (notes.accounts ?? {}) as Accounts;
}
