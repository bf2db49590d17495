import { describe, expect, it } from "vitest";
import { imageId, imageRequestSchema } from "../../../../shared/image/image-request.ts";
import { makeDataDisk, makeImageRequest, SUBSCRIPTION_ID } from "../../../factories.ts";

describe("imageId", () => {
  it("is the resource id of the image", () => {
    expect(imageId(makeImageRequest())).toBe(
      `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/images-rg/providers/Microsoft.Compute/images/web`,
    );
  });
});

describe("imageRequestSchema", () => {
  it("reads back what was written as JSON", () => {
    const request = makeImageRequest({ dataDisks: [makeDataDisk()], tags: { a: "b" } });

    expect(imageRequestSchema.parse(JSON.parse(JSON.stringify(request)))).toEqual(request);
  });

  it("refuses a source of an unknown kind", () => {
    const source = { kind: "file", path: "/etc/passwd" };
    const request = { ...makeImageRequest(), dataDisks: [{ lun: 1, source }] };

    expect(imageRequestSchema.safeParse(request).success).toBe(false);
  });
});
