import { bodyOfBareVhd, LINUX_METADATA } from "./bare-vhd.ts";
import { fromBlobs, fromResource, RESOURCE_SOURCES } from "./manifests.ts";
import type { PlannedVhd } from "./plan.ts";
import {
  becomes,
  CANCELED,
  CLAIMED,
  endsAs,
  planManifest,
  planVhd,
  type Scenario,
  type Stage,
  uploadMs,
} from "./scenario.ts";

/** A manifest before, among or after its VHDs. */
export function tellOfBlobs(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const os = planVhd(stage, at, {
    blob: `${name}-os.vhd`,
    sample: "linux-gen2",
    expected: CLAIMED,
  });
  const data = Array.from({ length: random.integer(0, 2) }, (_, lun) =>
    planVhd(stage, at + random.integer(0, 1_500), {
      blob: `${name}-data${lun}.vhd`,
      sample: random.pick(["data-ext4", "data-ntfs"] as const),
      expected: CLAIMED,
    }),
  );
  const vhds = [os, ...data];
  const pair = fromBlobs(
    os.blob,
    data.map(({ blob }) => blob),
    name,
  );
  const image = { name, body: pair.body, disks: vhds.map(({ id }) => id) };
  const lastEnd = Math.max(...vhds.map((vhd) => vhd.at + uploadMs(vhd)));
  const manifestAt = random.pick([
    Math.max(0, at - random.integer(200, 3_000)),
    at + random.integer(0, lastEnd - at),
    lastEnd + random.integer(300, 2_000),
  ]);
  return { uploads: [...vhds, planManifest(stage, manifestAt, pair, becomes(image))] };
}

/** Two images of one and the same VHD. */
export function tellOfSharedVhd(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const blob = `${name}-shared.vhd`;
  const vhd = planVhd(stage, at, { blob, sample: "linux-hybrid", expected: CLAIMED });
  const manifests = ["a", "b"].map((letter) => {
    const each = { ...stage, name: `${name}${letter}` };
    const pair = fromBlobs(blob, [], each.name);
    const image = { name: each.name, body: pair.body, disks: [vhd.id] };
    return planManifest(each, at + random.integer(0, 3_000), pair, becomes(image));
  });
  return { uploads: [vhd, ...manifests] };
}

/** A manifest of what is there already. */
export function tellOfResources(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const pair = fromResource(random.pick(RESOURCE_SOURCES), random.integer(16, 64));
  const image = { name, body: pair.body, disks: [] };
  return { uploads: [planManifest(stage, at, pair, becomes(image))] };
}

/** An OS disk, and every now and then a data disk that begins before the OS disk has ended. */
export function tellOfBareVhd(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const data = random.chance(0.4) ? [planDataDisk(stage)] : [];
  const dataDisks = data.map(({ blob }) => ({ lun: 5, blobUri: blob, caching: "ReadOnly" }));
  const os = planVhd(stage, at, {
    blob: `${name}.vhd`,
    sample: random.pick(["linux-gen2", "linux-hybrid"] as const),
    metadata: { ...LINUX_METADATA, caching: "ReadWrite", tag_run: name },
    expected: endsAs(),
  });
  const body = bodyOfBareVhd(name, { caching: "ReadWrite" }, dataDisks, { run: name });
  const image = { name, body, disks: [os, ...data].map(({ id }) => id) };
  return { uploads: [...data, { ...os, expected: becomes(image) }] };
}

function planDataDisk(stage: Stage): PlannedVhd {
  return planVhd(stage, stage.at, {
    blob: `${stage.name}.lun5.vhd`,
    sample: "data-ext4",
    metadata: { caching: "ReadOnly" },
    expected: endsAs(CANCELED),
  });
}
