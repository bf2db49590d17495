import type { ImageDraft } from "../../image/image-request.ts";
import { parseVersionNumber } from "../../image/version-number.ts";
import type { OutputProgress } from "../../record/output.ts";
import type { VersionRequest } from "./check-version.ts";
import type { Accounts } from "./version-body.ts";

/** The request, which makes a version. */
export function withGallery(request: ImageDraft): VersionRequest {
  const { gallery } = request;
  if (gallery === undefined) throw new TypeError("the request makes no image version");
  return { ...request, gallery };
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
  const version = versionOf(withGallery(request).gallery.version, output);
  if (version === null) throw new TypeError("the version has no number yet");
  return version;
}

/** The accounts that the check has found. */
export function accountsOf({ notes }: OutputProgress): Accounts {
  return (notes.accounts ?? {}) as Accounts;
}
