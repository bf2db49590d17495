import { LOCAL_DEFAULTS } from "../world/app-settings.ts";
import type { SimulatorClient } from "./simulator-client.ts";

const { AZURE_SUBSCRIPTION_ID, IMAGE_RESOURCE_GROUP, IMAGE_LOCATION } = LOCAL_DEFAULTS;
const GALLERY = "chaos";
const API_VERSION = "2025-12-03";

/** The definition whose numbers are left open, and the one whose numbers are given. */
export const NEXT_DEFINITION = "next";
export const FIXED_DEFINITION = "fixed";
const DEFINITIONS = [NEXT_DEFINITION, FIXED_DEFINITION] as const;

/** The snapshot that versions are made from; it is of the definitions' generation. */
export const GALLERY_SNAPSHOT = "chaosSnapshot";

/** Numbers that somebody else's versions have from the start. */
export const FOREIGN_NUMBERS = { [NEXT_DEFINITION]: "1.0.5", [FIXED_DEFINITION]: "5.0.0" } as const;

/** Settings under which the app may publish to the gallery. */
export const GALLERY_SETTINGS = {
  DEFAULT_GALLERY: `${AZURE_SUBSCRIPTION_ID}/${IMAGE_RESOURCE_GROUP}/${GALLERY}`,
  ALLOWED_GALLERIES: `${AZURE_SUBSCRIPTION_ID}/${IMAGE_RESOURCE_GROUP}/${GALLERY}`,
  ALLOWED_REGIONS: "*",
} as const;

/** An image version as the simulated service shows it. */
export type ListedVersion = {
  readonly name: string;
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: { readonly provisioningState: string };
};

/** Somebody else's version: as it was before the app began, and as it is now. */
export type ForeignVersion = {
  readonly id: string;
  readonly before: unknown;
  readonly after: unknown;
};

const COMPUTE = "providers/Microsoft.Compute";
const GROUP = `/subscriptions/${AZURE_SUBSCRIPTION_ID}/resourceGroups/${IMAGE_RESOURCE_GROUP}`;
const LOOKS = 20;

/** The id of a version of the gallery. */
export function versionIdOf(definition: string, number: string): string {
  return `${GROUP}/${COMPUTE}/galleries/${GALLERY}/images/${definition}/versions/${number}`;
}

/** Creates definitions, the snapshot, and somebody else's versions; returns these as they are then. */
export async function seedGallery(simulator: SimulatorClient): Promise<readonly ListedVersion[]> {
  const { createResource } = simulator;
  await createResource({
    type: "snapshot",
    name: GALLERY_SNAPSHOT,
    osType: "Linux",
    hyperVGeneration: "V2",
  });
  for (const name of DEFINITIONS) {
    const place = { gallery: GALLERY, resourceGroup: IMAGE_RESOURCE_GROUP };
    await createResource({ type: "galleryImage", ...place, name });
    await simulator.send("PUT", pathOf(versionIdOf(name, FOREIGN_NUMBERS[name])), FOREIGN_BODY);
  }
  return Promise.all(
    DEFINITIONS.map((name) => waitForVersion(simulator, versionIdOf(name, FOREIGN_NUMBERS[name]))),
  );
}

const FOREIGN_BODY = {
  location: IMAGE_LOCATION,
  tags: { owner: "somebody else" },
  properties: {
    publishingProfile: { targetRegions: [{ name: IMAGE_LOCATION }] },
    storageProfile: {
      osDiskImage: {
        source: {
          id: `/subscriptions/${AZURE_SUBSCRIPTION_ID}/resourceGroups/myResourceGroup/${COMPUTE}/snapshots/${GALLERY_SNAPSHOT}`,
        },
      },
    },
  },
};

/** Every look is a step of the simulated replication. */
async function waitForVersion(simulator: SimulatorClient, id: string): Promise<ListedVersion> {
  for (let look = 0; look < LOOKS; look += 1) await simulator.send("GET", pathOf(id));
  return (await simulator.send("GET", pathOf(id))) as ListedVersion;
}

/** Returns every version of the gallery, in any state. */
export async function listVersions(simulator: SimulatorClient): Promise<readonly ListedVersion[]> {
  const lists = await Promise.all(
    DEFINITIONS.map(async (definition) => {
      const path = versionIdOf(definition, "").replace(/\/$/, "");
      return (await simulator.send("GET", pathOf(path))) as { value: ListedVersion[] };
    }),
  );
  return lists.flatMap(({ value }) => value);
}

/** Returns somebody else's versions before and after the run; one that is gone is undefined then. */
export function compareForeign(
  before: readonly ListedVersion[],
  after: readonly ListedVersion[],
): readonly ForeignVersion[] {
  return before.map((version) => ({
    id: version.id,
    before: version,
    after: after.find(({ id }) => id.toLowerCase() === version.id.toLowerCase()),
  }));
}

function pathOf(id: string): string {
  return `${id}?api-version=${API_VERSION}`;
}
