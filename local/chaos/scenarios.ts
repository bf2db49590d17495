import {
  tellOfAbandonedUpload,
  tellOfBrokenVhd,
  tellOfFailingOperation,
  tellOfInvalidManifest,
} from "./bad-stories.ts";
import { tellOfConversion } from "./conversion-stories.ts";
import { tellOfBothOutputs, tellOfVersion } from "./gallery-stories.ts";
import { tellOfBareVhd, tellOfBlobs, tellOfResources, tellOfSharedVhd } from "./good-stories.ts";
import { tellOfRepeatedManifest, tellOfRepeatedVhd } from "./repeated-stories.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** A kind of story, and its weight compared with the others. */
export type ScenarioKind = {
  readonly name: string;
  readonly weight: number;
  /** Whether it begins early, so that a deadline that is part of it passes in time. */
  readonly isEarly?: boolean;
  readonly build: (stage: Stage) => Scenario;
};

/** Everything that happens in a run. */
export const SCENARIO_KINDS: readonly ScenarioKind[] = [
  { name: "manifest of blobs", weight: 6, build: tellOfBlobs },
  { name: "manifest of resources", weight: 3, build: tellOfResources },
  { name: "VHD without manifest", weight: 4, build: tellOfBareVhd },
  { name: "two manifests, one VHD", weight: 1, build: tellOfSharedVhd },
  { name: "invalid manifest", weight: 1.5, build: tellOfInvalidManifest },
  { name: "broken VHD", weight: 1.5, build: tellOfBrokenVhd },
  { name: "manifest uploaded twice", weight: 1, build: tellOfRepeatedManifest },
  { name: "VHD uploaded twice", weight: 1, build: tellOfRepeatedVhd },
  { name: "upload that never ends", weight: 1, isEarly: true, build: tellOfAbandonedUpload },
  { name: "operation that fails", weight: 1, build: tellOfFailingOperation },
  { name: "image version", weight: 2.5, build: tellOfVersion },
  { name: "image and image version", weight: 1.5, build: tellOfBothOutputs },
  { name: "disk in another format", weight: 2, build: tellOfConversion },
];
