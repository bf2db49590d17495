import { type Answer, groupPath, seedPath, type TestSimulator } from "../simulator.ts";

const galleryVersion = "api-version=2025-12-03";
const provider = "providers/Microsoft.Compute";

/** Paths and requests of one gallery of a test. */
export interface GalleryClient {
  readonly gallery: string;
  readonly definition: string;
  /** Sends a request to a path below the gallery's, or an absolute one. */
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  putVersion(name: string, body: unknown): Promise<Answer>;
  getVersion(name: string, expand?: string): Promise<Answer>;
}

/** Creates the gallery `images` with the definition `ubuntu`, of generation 1 unless told otherwise. */
export async function createTestGallery(
  simulator: TestSimulator,
  definition: object = { hyperVGeneration: "V1" },
): Promise<GalleryClient> {
  const order = { type: "galleryImage", resourceGroup: "images-rg", gallery: "images" };
  await simulator.control("resources", { ...order, name: "ubuntu", ...definition });
  const gallery = `${groupPath}/${provider}/galleries/images`;
  const send: GalleryClient["send"] = (method, path, body) => {
    const url = path.startsWith("/") ? path : `${gallery}/${path}`;
    return simulator.send(method, `${url}${url.includes("?") ? "&" : "?"}${galleryVersion}`, {
      body,
    });
  };
  const versions = "images/ubuntu/versions";
  return {
    gallery,
    definition: `${gallery}/images/ubuntu`,
    send,
    putVersion: (name, body) => send("PUT", `${versions}/${name}`, body),
    getVersion: (name, expand) =>
      send("GET", `${versions}/${name}${expand === undefined ? "" : `?%24expand=${expand}`}`),
  };
}

/** The body of a version made from a seeded snapshot, with changes to its properties. */
export function versionFromSnapshot(properties: object = {}, rest: object = {}): object {
  return {
    location: "westus",
    properties: {
      storageProfile: { osDiskImage: { source: { id: `${seedPath}/snapshots/mySnapshot1` } } },
      ...properties,
    },
    ...rest,
  };
}

/** The same, published to these regions. */
export function versionTo(...targetRegions: readonly (string | object)[]): object {
  const toObject = (region: string | object) =>
    typeof region === "string" ? { name: region } : region;
  return versionFromSnapshot({ publishingProfile: { targetRegions: targetRegions.map(toObject) } });
}
