import type { GalleryService } from "../gallery-ports.ts";
import type { ImageDraft } from "../image/image-request.ts";
import type { ImageService } from "../ports.ts";
import { newOutput, type OutputProgress } from "../record/output.ts";
import {
  createGalleryVersionKind,
  type GalleryVersionOptions,
} from "./gallery-version/gallery-version.ts";
import { createManagedImageKind } from "./managed-image/managed-image.ts";
import type { OutputKind } from "./output-kind.ts";

/** The kinds of outputs that there are, as the stages see them. */
export interface Outputs {
  /** What a request makes, before its first step. */
  plan(request: ImageDraft): readonly OutputProgress[];
  /**
   * The kind of an output.
   * @throws TypeError for one that this version does not know.
   */
  kindOf(output: Pick<OutputProgress, "kind">): OutputKind;
}

/** What the kinds need of the world. */
export interface OutputServices {
  readonly images: ImageService;
  readonly galleries: GalleryService;
}

/** All kinds of outputs, on the services that make them. A new kind is one more line. */
export function createOutputs(
  { images, galleries }: OutputServices,
  policy: Pick<GalleryVersionOptions, "allowDefinitionCreate" | "regions">,
): Outputs {
  return joinKinds([
    createManagedImageKind(images),
    createGalleryVersionKind({ galleries, ...policy }),
  ]);
}

/** Outputs of the given kinds, in the order in which they are requested. */
export function joinKinds(kinds: readonly OutputKind[]): Outputs {
  return {
    plan: (request) =>
      kinds.filter((kind) => kind.isWanted(request)).map(({ kind }) => newOutput(kind)),
    kindOf: (output) => {
      const found = kinds.find(({ kind }) => kind === output.kind);
      if (found === undefined) throw new TypeError(`${output.kind} is not a kind of output`);
      return found;
    },
  };
}
