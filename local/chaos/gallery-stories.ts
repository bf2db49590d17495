import { FIXED_DEFINITION, FOREIGN_NUMBERS, GALLERY_SNAPSHOT, NEXT_DEFINITION } from "./gallery.ts";
import { fromBlobs, fromSnapshot, type ManifestPair } from "./manifests.ts";
import type { PlannedManifest, PlannedVersion } from "./plan.ts";
import {
  becomes,
  CLAIMED,
  endsAs,
  failed,
  planManifest,
  planVhd,
  publishes,
  type Scenario,
  type Stage,
} from "./scenario.ts";

/** Requests for a number that is left open: any, or the next of a series. */
const OPEN_NUMBERS = ["auto", "1.auto", "1.0.auto", "3.auto", "3.7.auto"] as const;

const RIVALS = 3;

/** An image version of a snapshot: its number left open, given, or that of somebody else's version. */
export function tellOfVersion(stage: Stage): Scenario {
  const { random, at } = stage;
  const pair = fromSnapshot(GALLERY_SNAPSHOT);
  if (random.chance(0.15)) {
    const version = { definition: FIXED_DEFINITION, number: FOREIGN_NUMBERS[FIXED_DEFINITION] };
    // Another cache than that of the version which exists, so that it is not the one requested.
    const other = fromSnapshot(GALLERY_SNAPSHOT, { caching: "ReadOnly" });
    const manifest = withGallery(other, version, false);
    return { uploads: [planManifest(stage, at, manifest, endsAs(failed("VersionExists")))] };
  }
  const version = drawVersion(stage);
  const manifest = withGallery(pair, version, false);
  const first = planManifest(stage, at, manifest, publishes(version));
  return { uploads: [first, ...planRivals(first, version)] };
}

/** Others that want the next number at the same moment. */
function planRivals(first: PlannedManifest, { number }: PlannedVersion): PlannedManifest[] {
  if (number !== "auto") return [];
  return Array.from({ length: RIVALS }, (_, index) => {
    const blob = first.blob.replace(".json", `-rival${index}.json`);
    return { ...first, id: `${blob}@${first.at}`, blob };
  });
}

/** An image and an image version of one VHD. */
export function tellOfBothOutputs(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const vhd = planVhd(stage, at, {
    blob: `${name}-os.vhd`,
    sample: "linux-gen2",
    expected: CLAIMED,
  });
  const pair = fromBlobs(vhd.blob, [], name);
  const version = drawVersion(stage);
  const image = { name, body: pair.body, disks: [vhd.id] };
  const expected = { ...becomes(image), version };
  const manifestAt = at + random.integer(0, 3_000);
  return {
    uploads: [vhd, planManifest(stage, manifestAt, withGallery(pair, version, true), expected)],
  };
}

function drawVersion({ random, name }: Stage): PlannedVersion {
  return random.chance(0.6)
    ? { definition: NEXT_DEFINITION, number: random.pick(OPEN_NUMBERS) }
    : { definition: FIXED_DEFINITION, number: `7.0.${Number(name.replace(/\D/g, ""))}` };
}

function withGallery(
  { manifest, body }: ManifestPair,
  { definition, number }: PlannedVersion,
  managedImage: boolean,
): ManifestPair {
  return {
    body,
    manifest: { ...manifest, managedImage, gallery: { definition, version: number } },
  };
}
