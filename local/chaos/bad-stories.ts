import { LINUX_METADATA } from "./bare-vhd.ts";
import { fromBlobs, fromResource, INVALID_MANIFESTS } from "./manifests.ts";
import {
  CANCELED,
  CLAIMED,
  endsAs,
  failed,
  planManifest,
  planVhd,
  type Scenario,
  type Stage,
} from "./scenario.ts";

/** A text that is not a manifest, or asks for what is not allowed. */
export function tellOfInvalidManifest(stage: Stage): Scenario {
  const { text, code } = stage.random.pick(INVALID_MANIFESTS);
  const upload = planManifest(stage, stage.at, { manifest: {} }, endsAs(failed(code)));
  return { uploads: [{ ...upload, text }] };
}

/** The app makes a right VHD of most broken ones, unless that is switched off. */
const UNCONVERTED = { convert: "never" } as const;

/** A VHD that can become no image, with or without a manifest. */
export function tellOfBrokenVhd(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const sample = random.pick(["broken-dynamic", "broken-checksum", "broken-size"] as const);
  const isFailed = failed("InvalidVhd", "VHDSizeInvalid");
  if (random.chance(0.5)) {
    const blob = `${name}.vhd`;
    const expected = endsAs(isFailed);
    return {
      uploads: [
        planVhd(stage, at, {
          blob,
          sample,
          metadata: { ...LINUX_METADATA, ...UNCONVERTED },
          expected,
        }),
      ],
    };
  }
  const vhd = planVhd(stage, at, { blob: `${name}-os.vhd`, sample, expected: CLAIMED });
  const { manifest: convertible, ...rest } = fromBlobs(vhd.blob, [], name);
  const pair = { ...rest, manifest: { ...convertible, ...UNCONVERTED } };
  const manifest = planManifest(stage, at + random.integer(0, 1_000), pair, endsAs(isFailed));
  return { uploads: [vhd, manifest] };
}

/** An uploader that dies before the footer, with or without a manifest. */
export function tellOfAbandonedUpload(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const isIncomplete = endsAs(failed("UploadIncomplete"));
  const sample = "linux-gen2";
  const isAbandoned = true;
  const order = "ascending";
  if (random.chance(0.5)) {
    const parts = {
      blob: `${name}.vhd`,
      sample,
      isAbandoned,
      order,
      metadata: LINUX_METADATA,
    } as const;
    return { uploads: [planVhd(stage, at, { ...parts, expected: isIncomplete })] };
  }
  const parts = { blob: `${name}-os.vhd`, sample, isAbandoned, order, expected: CLAIMED } as const;
  const vhd = planVhd(stage, at, parts);
  const manifest = planManifest(stage, at, fromBlobs(vhd.blob, [], name), isIncomplete);
  return { uploads: [vhd, manifest] };
}

/** The service accepts the request and does not carry it out. */
export function tellOfFailingOperation(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const operation = random.pick(["Failed", "Canceled"] as const);
  const end = operation === "Failed" ? failed() : CANCELED;
  const manifest = planManifest(stage, at, fromResource("snapshot", 20), endsAs(end));
  const fault = { operation, method: "PUT", path: `/images/${name}` };
  return { uploads: [manifest], serviceFaults: [{ at: 0, fault }] };
}
