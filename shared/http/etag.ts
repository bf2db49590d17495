import { digest } from "../record/identity.ts";

/** A strong ETag of what is answered: the same as long as that is. */
export function etagOfBody(body: unknown): string {
  return `"${digest([JSON.stringify(body)]).slice(0, 26)}"`;
}

/**
 * Whether an If-None-Match header names the ETag; weak ones count, the comparison is a weak one
 * (RFC 9110, 13.1.2).
 */
export function isKnownEtag(etag: string, header: string | null): boolean {
  const known = (header ?? "").split(",").map((each) => each.trim().replace(/^W\//, ""));
  return known.includes(etag);
}
