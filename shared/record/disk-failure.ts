import type { DiskProblem } from "../disk/finding.ts";
import { nameFix } from "../disk/format/name-fix.ts";
import { type Failure, failure } from "../errors.ts";

/** The failure of a request for a blob that the service would not take. */
export function explainDiskProblem(blobName: string, { code, message, fix }: DiskProblem): Failure {
  const file = blobName.slice(blobName.lastIndexOf("/") + 1);
  return failure({
    code,
    message: `${blobName} ${message}.`,
    fix: nameFix(fix, file),
    target: blobName,
  });
}
