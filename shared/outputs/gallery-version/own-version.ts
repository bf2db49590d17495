import type { FoundVersion } from "../../gallery-ports.ts";
import { RECORD_TAG } from "../../image/version-tags.ts";
import { requestIdOf } from "../../record/identity.ts";
import type { RequestRecord } from "../../record/record.ts";

/** Whether a version was published by this request, or by an earlier try of the same upload. */
export function isOwnVersion({ tags }: Pick<FoundVersion, "tags">, record: RequestRecord): boolean {
  const owner = tags[RECORD_TAG];
  return owner !== undefined && listOwnIds(record).includes(owner);
}

function listOwnIds({ requestId, kind, source, attempt }: RequestRecord): readonly string[] {
  const { container, name, etag, createdOn } = source;
  const idOf = (index: number): string =>
    kind === "manifest"
      ? requestIdOf({ kind, container, name, etag }, index + 1)
      : requestIdOf({ kind, container, name, createdOn: new Date(createdOn) }, index + 1);
  const earlier = Array.from({ length: Math.max(0, attempt - 1) }, (_, index) => idOf(index));
  return [requestId, ...earlier];
}
