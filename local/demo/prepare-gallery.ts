import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { listTargets } from "../world/app-settings.ts";
import type { Environment } from "../world/child.ts";
import type { World } from "../world/index.ts";

const GALLERY = "shared";
/** The image definition that the samples publish under. */
export const DEFINITION = "golden";
/** Where it is published: the region of the sample and one more. */
export const REGIONS = ["westus", "northeurope"] as const;

/** The API simulator refused what the demo needs there. */
export class GalleryError extends Error {
  override readonly name = "GalleryError";
}

/** Returns the settings of the app under which it may publish in the demo's gallery. */
export function gallerySettings(environment: Environment): Record<string, string> {
  const [target] = listTargets(environment);
  const gallery = `${target?.subscriptionId}/${target?.resourceGroup}/${GALLERY}`;
  return { DEFAULT_GALLERY: gallery, ALLOWED_GALLERIES: gallery, ALLOWED_REGIONS: "*" };
}

/**
 * Creates the gallery and the image definition in the API simulator, as an operator would in Azure, and
 * has the second region take a little longer, so that there is something to see.
 *
 * @throws {GalleryError} if the simulator refuses.
 */
export async function prepareGallery(
  arm: Pick<World["arm"], "url" | "caFile">,
  environment: Environment,
): Promise<void> {
  const [target] = listTargets(environment);
  await post(arm, "resources", {
    type: "galleryImage",
    gallery: GALLERY,
    resourceGroup: target?.resourceGroup,
    name: DEFINITION,
  });
  await post(arm, "faults", {
    region: REGIONS[1],
    path: `/images/${DEFINITION}/`,
    replication: "Slow",
    looks: 3,
    count: 1,
  });
}

async function post(
  { url, caFile }: Pick<World["arm"], "url" | "caFile">,
  route: string,
  body: unknown,
): Promise<void> {
  const ca = await readFile(caFile);
  const headers = { "content-type": "application/json" };
  const call = request(`${url}/_simulator/${route}`, { ca, method: "POST", headers });
  call.end(JSON.stringify(body));
  const [answer] = (await once(call, "response")) as [IncomingMessage];
  const said = await text(answer);
  if ((answer.statusCode ?? 500) >= 300) {
    throw new GalleryError(`POST /_simulator/${route} answered ${answer.statusCode}: ${said}`);
  }
}
