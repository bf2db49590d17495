import { bodyOfBareVhd, LINUX_METADATA } from "./bare-vhd.ts";
import { fromResource } from "./manifests.ts";
import type { PlannedVhd } from "./plan.ts";
import {
  becomes,
  CANCELED,
  endsAs,
  failed,
  planManifest,
  planVhd,
  type Scenario,
  type Stage,
} from "./scenario.ts";

const IMAGE_EXISTS = failed("ImageExists");

/** The same manifest again, or another one of the same name: one image, as one of them wants it. */
export function tellOfRepeatedManifest(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const first = fromResource("snapshot", 16);
  const second = random.chance(0.5) ? first : fromResource("managedDisk", 32);
  const againAt = at + random.integer(1_500, 9_000);
  const plan = (when: number, pair: typeof first) =>
    planManifest(
      stage,
      when,
      pair,
      becomes({ name, body: pair.body, disks: [] }, IMAGE_EXISTS, CANCELED),
    );
  return { uploads: [plan(at, first), plan(againAt, second)] };
}

/** A VHD of the same name again: the image is made of the one or the other, never of both. */
export function tellOfRepeatedVhd(stage: Stage): Scenario {
  const { random, name, at } = stage;
  const plan = (when: number, wait: readonly number[]): PlannedVhd => {
    const vhd = planVhd(stage, when, {
      blob: `${name}.vhd`,
      sample: "linux-gen2",
      metadata: LINUX_METADATA,
      pausesMs: wait,
      expected: endsAs(),
    });
    const body = withoutTags(bodyOfBareVhd(name, {}, [], {}));
    const image = { name, body, disks: [vhd.id] };
    const ends = [IMAGE_EXISTS, CANCELED, failed("SourceChangedDuringCreate")];
    return { ...vhd, expected: becomes(image, ...ends) };
  };
  const first = plan(at, [random.integer(0, 800)]);
  const second = plan(at + random.integer(2_500, 14_000), [random.integer(0, 800)]);
  return { uploads: [first, second] };
}

function withoutTags({ tags: _, ...body }: Readonly<Record<string, unknown>>) {
  return body;
}
