import type { DiskProblem } from "../disk/finding.ts";
import { type Failure, failure } from "../errors.ts";

/** The failure of a request for a blob that the service would not take. */
export function explainDiskProblem(blobName: string, { code, message, fix }: DiskProblem): Failure {
  return failure({ code, message: `${blobName} ${message}.`, fix, target: blobName });
}
