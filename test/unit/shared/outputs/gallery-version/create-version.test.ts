import { expect, it } from "vitest";
import { createVersion } from "../../../../../shared/outputs/gallery-version/create-version.ts";

it("a version that is being deleted is checked again after three polls", async () => {
  const galleries = { findVersion: async () => ({ state: "deleting", tags: {} }) };
  const request = { gallery: { version: "1.4.0" } };
  const created = createVersion(
    request as never,
    { version: "1.4.0", notes: {} } as never,
    { record: {}, pollSeconds: 7 } as never,
    galleries as never,
  );
  await expect(created).resolves.toEqual({ retryInSeconds: 21 });
});
