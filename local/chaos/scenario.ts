import type { Random } from "../fault-proxy/index.ts";
import type { SampleName } from "../sample-vhds/index.ts";
import type { ManifestPair } from "./manifests.ts";
import type {
  End,
  Expectation,
  PlannedDisk,
  PlannedImage,
  PlannedManifest,
  PlannedServiceFault,
  PlannedUpload,
  PlannedVersion,
  PlannedVhd,
} from "./plan.ts";

/** What a scenario is made with. */
export type Stage = {
  readonly random: Random;
  /** Unique within the plan; images and blobs are named after it. */
  readonly name: string;
  /** When it begins, in milliseconds. */
  readonly at: number;
};

/** One user's story: some uploads that belong together, and faults that are meant for them. */
export type Scenario = {
  readonly uploads: readonly PlannedUpload[];
  readonly serviceFaults?: readonly PlannedServiceFault[];
};

/** Pauses within an upload whose footer may be written early stay under SETTLE_MIN_SECONDS. */
const SHORT_PAUSE_MS = 900;
/** Pauses of an upload that ends with the footer may be longer than any settling time. */
const LONG_PAUSE_MS = 7_000;

export const SUCCEEDED: End = { state: "succeeded" };
export const CANCELED: End = { state: "canceled" };

/** A failure with one of the codes; with any if none is given. */
export function failed(...codes: readonly string[]): End {
  return { state: "failed", ...(codes.length === 0 ? {} : { codes }) };
}

/** The only end that an upload may have, without an image. */
export function endsAs(...ends: readonly End[]): Expectation {
  return { ends, image: null };
}

/** The image that has to come of it; more ends may be allowed besides success. */
export function becomes(image: PlannedImage, ...ends: readonly End[]): Expectation {
  return { ends: [SUCCEEDED, ...ends], image };
}

/** The image version that has to come of it, without an image. */
export function publishes(version: PlannedVersion): Expectation {
  return { ends: [SUCCEEDED], image: null, version };
}

/**
 * A VHD that a manifest names: its own request makes way. If the manifest comes late, it may have
 * ended before for lack of metadata.
 */
export const CLAIMED: Expectation = endsAs(CANCELED, failed());

/** A manifest as it is uploaded: JSON with comments every now and then. */
export function planManifest(
  { random, name }: Stage,
  at: number,
  { manifest }: Pick<ManifestPair, "manifest">,
  expected: Expectation,
): PlannedManifest {
  const json = JSON.stringify(manifest, undefined, 2);
  const text = random.chance(0.2) ? `// made by ${name}\n${json}\n` : json;
  return { kind: "manifest", id: `${name}.json@${at}`, at, blob: `${name}.json`, text, expected };
}

type VhdParts = Pick<PlannedVhd, "blob" | "sample" | "expected"> & Partial<PlannedVhd>;

/** A VHD with an identity and a way of being uploaded that are left to chance. */
export function planVhd({ random }: Stage, at: number, parts: VhdParts): PlannedVhd {
  const isPatient = random.chance(0.25);
  const order = isPatient || random.chance(0.5) ? "ascending" : "shuffled";
  const pausesMs = isPatient
    ? [random.integer(3_000, LONG_PAUSE_MS), random.integer(0, SHORT_PAUSE_MS)]
    : Array.from({ length: random.integer(0, 4) }, () => random.integer(50, SHORT_PAUSE_MS));
  return {
    kind: "vhd",
    id: `${parts.blob}@${at}`,
    at,
    sizeMib: SIZES_MIB[parts.sample] ?? 512,
    uuid: drawUuid(random),
    metadata: {},
    order,
    pausesMs,
    isAbandoned: false,
    ...parts,
  };
}

/** A disk in another format, with an identity that is left to chance. */
export function planDisk(
  { random }: Stage,
  at: number,
  parts: Pick<PlannedDisk, "blob" | "format" | "expected"> & Partial<PlannedDisk>,
): PlannedDisk {
  const id = `${parts.blob}@${at}`;
  return { kind: "disk", id, at, sizeMib: 512, uuid: drawUuid(random), metadata: {}, ...parts };
}

/** How long an upload takes at least, in milliseconds. */
export function uploadMs(vhd: PlannedVhd): number {
  return vhd.pausesMs.reduce((sum, pause) => sum + pause, 0);
}

/** The least sizes that hold the partitions of a sample; page blobs take no room for zeros. */
const SIZES_MIB: Readonly<Partial<Record<SampleName, number>>> = {
  "linux-gen1": 1024,
  "windows-gen1": 1024,
  "windows-gen2": 1024,
  "data-ext4": 32,
  "data-ntfs": 32,
};

function drawUuid(random: Random): string {
  const hex = (length: number): string =>
    Array.from({ length }, () => random.integer(0, 15).toString(16)).join("");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
