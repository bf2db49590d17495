import { imageId as resourceIdOf } from "../image/image-request.ts";
import { equals } from "../image/resource-id.ts";
import type { RequestRecord } from "../record/record.ts";
import type { StageContext } from "./stage.ts";

const LOOK_BACK = 20;

/**
 * An image that equals the request word for word may still hold other bytes: a blob was uploaded anew
 * under the same name. Says so when the records show that the image was built from an earlier upload;
 * null when nothing speaks against the image. The builder is the latest request that had the service
 * work on the image, however it ended.
 */
export async function findStaleBuild(
  record: RequestRecord,
  imageId: string,
  context: StageContext,
): Promise<string | null> {
  const image = record.image?.name;
  if (image === undefined) return null;
  const page = await context.records.list({ image, limit: LOOK_BACK });
  const builder = page.records.find(
    (other) =>
      other.requestId !== record.requestId &&
      other.operation !== null &&
      other.request !== null &&
      equals(resourceIdOf(other.request), imageId),
  );
  if (builder === undefined) return null;
  const stale = record.disks.find((disk) => {
    const built = builder.disks.find(
      (other) =>
        other.ref !== null &&
        other.ref.name === disk.ref?.name &&
        other.ref.container === disk.ref.container,
    );
    return built !== undefined && built.observed?.etag !== disk.observed?.etag;
  });
  if (stale === undefined) return null;
  return `was built from an earlier upload of ${stale.ref?.name} (request ${builder.requestId})`;
}
