import { deepStrictEqual } from "node:assert/strict";
import { createFakeApp } from "../fakes/app.ts";
import { expectSoundRequest } from "./expect-sound-request.ts";
import { manifestBytes } from "./manifest-cases.ts";
import { defineTarget } from "./target.ts";
import { uploadBytes } from "./upload-bytes.ts";

/** Nobody uploads the disks that a case names; this ends the wait. Seconds. */
const WAIT_DEADLINE_SECONDS = 30;

/** Every upload of a manifest is one request that ends, with an error that says what and where. */
export async function checkManifest(bytes: Uint8Array): Promise<void> {
  const app = createFakeApp({ timing: { waitDeadlineSeconds: WAIT_DEADLINE_SECONDS } });
  await uploadBytes(app, "web.json", bytes);
  await app.run();
  expectSoundRequest(app, "web.json");
  deepStrictEqual(app.records.all().length, 1);
}

export const manifests = defineTarget("manifests", manifestBytes, checkManifest);
