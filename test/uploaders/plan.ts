import type { SparseImage } from "../../local/sample-vhds/index.ts";
import { findFooter, listUsedPages, orderArrivals, type PageRange } from "./pages.ts";
import { between, createRandom, type Random } from "./random.ts";
import type { UploadStep } from "./steps.ts";
import type { Recovery, UploadTool } from "./tools.ts";

/** What happens to the upload in the middle, before the footer has arrived. */
export type Course =
  | { readonly kind: "straight" }
  /** Nothing is sent for so long. */
  | { readonly kind: "paused"; readonly seconds: number }
  /** The process dies and is started again after so long. */
  | { readonly kind: "killed"; readonly seconds: number; readonly recovery: Recovery }
  /** The process dies and nobody starts it again. */
  | { readonly kind: "abandoned" };

/** When the user uploads the manifest. */
export type ManifestPlace = "first" | "middle" | "last" | "none";

export const MANIFEST_PLACES: readonly ManifestPlace[] = ["first", "middle", "last", "none"];

/** What is left to chance. */
export interface Chance {
  /** Decides the order in which parallel requests arrive. */
  readonly seed: number;
  /** Where the middle is: from 0 (just created) to 1 (the next page to arrive is the footer's). */
  readonly breakAt: number;
}

/** Everything that happens to one blob and its manifest, in order. */
export function planUpload(
  tool: UploadTool,
  image: SparseImage,
  what: { readonly course: Course; readonly manifest: ManifestPlace },
  chance: Chance,
): readonly UploadStep[] {
  const random = createRandom(chance.seed);
  const pages = orderArrivals(listUsedPages(image, tool.chunkBytes), tool.parallel, random);
  const middle = Math.floor(chance.breakAt * findFooter(pages));
  const sent = [...tool.begin, transferPages(tool, pages.slice(0, middle))];
  const interrupted = [...sent, ...describeBreak(what, random)];
  return placeManifest(
    [...interrupted, ...goOn(tool, pages, middle, what.course)],
    what.manifest,
    random,
  );
}

function transferPages(tool: UploadTool, pages: readonly PageRange[]): UploadStep {
  if (tool.transfer === "serverCopy") return { do: "copyPages", pages };
  return {
    do: "putPages",
    pages,
    parallel: tool.parallel,
    guarded: tool.transfer === "guarded",
  };
}

/** The dead time, with the manifest in it when it is to come in the middle. */
function describeBreak(
  { course, manifest }: { readonly course: Course; readonly manifest: ManifestPlace },
  random: Random,
): readonly UploadStep[] {
  const writeManifest: readonly UploadStep[] =
    manifest === "middle" ? [{ do: "writeManifest" }] : [];
  if (course.kind === "straight") return writeManifest;
  if (course.kind === "abandoned") {
    return [{ do: "pause", seconds: between(0, 600, random) }, ...writeManifest];
  }
  // The manifest comes early, so that there is time to fall for it.
  const before = course.seconds * between(0, 0.3, random);
  return [
    { do: "pause", seconds: before },
    ...writeManifest,
    { do: "pause", seconds: course.seconds - before },
  ];
}

function goOn(
  tool: UploadTool,
  pages: readonly PageRange[],
  middle: number,
  course: Course,
): readonly UploadStep[] {
  if (course.kind === "abandoned") {
    return tool.transfer === "serverCopy" ? [{ do: "finishCopy", status: "failed" }] : [];
  }
  const rest = [transferPages(tool, pages.slice(middle)), ...tool.end];
  if (course.kind !== "killed" || course.recovery === "continue") return rest;
  const again = [...tool.begin, transferPages(tool, pages), ...tool.end];
  return course.recovery === "startOver"
    ? again
    : [{ do: "delete" }, { do: "pause", seconds: 5 }, ...again];
}

function placeManifest(
  steps: readonly UploadStep[],
  place: ManifestPlace,
  random: Random,
): readonly UploadStep[] {
  const writeManifest: UploadStep = { do: "writeManifest" };
  if (place === "first") {
    return [writeManifest, { do: "pause", seconds: between(0, 600, random) }, ...steps];
  }
  // As a script does it: the upload's exit, and the manifest a moment later.
  return place === "last"
    ? [...steps, { do: "pause", seconds: between(0, 5, random) }, writeManifest]
    : steps;
}
