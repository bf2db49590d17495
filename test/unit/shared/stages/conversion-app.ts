import { buildQcow2 } from "../../../disks/maps/build-two-level-formats.ts";
import { contentOf, type DiskPlan, type Slot } from "../../../disks/maps/placement.ts";
import type { FakeApp } from "../../../fakes/app.ts";

/** Sources of conversions, and how tests drive the app with them. */

const MIB = 1024 * 1024;
export const METADATA = { ostype: "Linux", osstate: "Generalized", hypervgeneration: "V1" };

/** So many blocks, with the given slots again and again. */
export function planOf(count: number, slots: readonly Slot[]): DiskPlan {
  return {
    slots: Array.from({ length: count }, (_, at) => slots[at % slots.length] ?? "none"),
    order: Array.from({ length: count }, (_, at) => (at * 5) % 3),
    cut: 0,
  };
}

/** The bytes of a planned disk, in whole MiB. */
export function diskOf({ slots }: DiskPlan, blockBytes: number): Uint8Array {
  const disk = new Uint8Array(Math.ceil((slots.length * blockBytes) / MIB) * MIB);
  slots.forEach((slot, at) => {
    if (slot === "data" || slot === "packed") disk.set(contentOf(at, blockBytes), at * blockBytes);
  });
  return disk;
}

export const ref = (name: string) => ({ container: "uploads", name });

/** A block blob with the metadata that an image needs; its event is the test's. */
export function uploadFile(
  app: FakeApp,
  name: string,
  bytes: Uint8Array,
  metadata = METADATA,
): void {
  app.blobs.putBytes(ref(name), bytes);
  app.blobs.setMetadata(ref(name), metadata);
}

/** Each call to the target takes so many seconds. */
export function slow(app: FakeApp, seconds: number): void {
  app.targets.onCall = () => {
    app.clock.advance(seconds);
    return null;
  };
}

/** A qcow2 image of some slices when calls are slow, and the disk that it becomes. */
const scattered = planOf(200, ["data", "none", "packed"]);
export const file = buildQcow2(scattered);
export const disk = Buffer.from(diskOf(scattered, 512));

/** Of an image of web.qcow2. */
export const manifest = (convert?: string) => ({
  ...(convert !== undefined && { convert }),
  properties: {
    hyperVGeneration: "V1",
    storageProfile: {
      osDisk: { osType: "Linux", osState: "Generalized", blobUri: "web.qcow2" },
    },
  },
});

/** Whether some of a conversion is done, not all. */
export function isUnderWay(app: FakeApp, source: string): boolean {
  return (app.recordOf(source).disks[0]?.conversion?.bytesDone ?? 0) > 5000;
}

/** Names of the converted disks that are there. */
export async function targetsOf(app: FakeApp): Promise<readonly string[]> {
  return (await app.blobs.list("converted", {})).blobs.map(({ name }) => name);
}
