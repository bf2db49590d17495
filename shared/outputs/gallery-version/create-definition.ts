import { failure, serviceStatusOf } from "../../errors.ts";
import type { DefinitionFacts, GalleryService, ImageFacts } from "../../gallery-ports.ts";
import type { GalleryRequest } from "../../image/gallery-request.ts";
import type { SourceFacts } from "../../ports.ts";
import type { OutputProgress } from "../../record/output.ts";
import type { OutputCheck, OutputSubject } from "../output-kind.ts";
import type { VersionRequest } from "./check-version.ts";
import { securityTypeOf, toDefinitionBody } from "./definition-body.ts";
import {
  explainDefinitionDenied,
  explainFailedDefinition,
  explainIllegalDefinition,
  explainNoDefinition,
} from "./failures.ts";
import { holdDefinition } from "./hold-definition.ts";
import { findIllegalSource, sourceOf } from "./legal-sources.ts";

/** The definition that a version needs, or what keeps it from being published now. */
export type NeededDefinition =
  | { readonly definition: DefinitionFacts }
  | { readonly check: OutputCheck };

/**
 * The definition of a version. A missing one is created where manifest and settings allow it; one that
 * exists is never written to. Of all steps that need it at the same time one creates it.
 */
export async function needDefinition(
  request: VersionRequest,
  output: OutputProgress,
  facts: SourceFacts | ImageFacts | null,
  ports: {
    readonly galleries: GalleryService;
    readonly subject: OutputSubject;
    readonly allowDefinitionCreate: boolean;
  },
): Promise<NeededDefinition> {
  const { galleries, subject, allowDefinitionCreate } = ports;
  const { gallery } = request;
  const existing = await galleries.findDefinition(gallery);
  if (existing !== null) return judgeExisting(existing, gallery, output);
  const wanted = gallery.createDefinition;
  const osType = request.osDisk?.osType ?? facts?.osType ?? null;
  const generation = request.hyperVGeneration ?? facts?.hyperVGeneration ?? null;
  if (wanted === undefined || osType === null || generation === null) {
    const osState = request.osDisk?.osState ?? "Generalized";
    const system = { osType: osType ?? "Linux", osState, generation: generation ?? "V2" };
    return { check: { verdict: "refused", failure: explainNoDefinition(gallery, system) } };
  }
  if (!allowDefinitionCreate) {
    return { check: { verdict: "refused", failure: explainDefinitionDenied(gallery) } };
  }
  const disk = subject.record.disks.find(({ role }) => role === "os");
  const body = toDefinitionBody(gallery, wanted, {
    osType,
    osState: request.osDisk?.osState ?? stateOf(facts),
    hyperVGeneration: generation,
    architecture: disk?.inspection?.architecture ?? facts?.architecture ?? null,
    securityType: facts?.securityType ?? null,
  });
  const illegal = findIllegalSource(sourceOf(request), securityTypeOf(body));
  if (illegal !== null) {
    return { check: { verdict: "refused", failure: explainIllegalDefinition(gallery, illegal) } };
  }
  const created = await createOnce(gallery, body, ports);
  return created === null ? { check: waitFor(output) } : judgeExisting(created, gallery, output);
}

/** One that failed stays so until somebody deletes or puts it again, which the app never does. */
function judgeExisting(
  definition: DefinitionFacts,
  gallery: GalleryRequest,
  output: OutputProgress,
): NeededDefinition {
  switch (definition.state) {
    case "succeeded":
      return { definition };
    case "working":
      return { check: waitFor(output) };
    case "failed":
      return { check: { verdict: "refused", failure: explainFailedDefinition(gallery) } };
  }
}

/** The definition after its only PUT; null while another step is at it. */
async function createOnce(
  gallery: GalleryRequest,
  body: unknown,
  { galleries, subject }: { readonly galleries: GalleryService; readonly subject: OutputSubject },
): Promise<DefinitionFacts | null> {
  const hold = await holdDefinition(gallery, subject);
  if (hold === null) return null;
  // Somebody may have created it since it was first looked for.
  const found = await galleries.findDefinition(gallery);
  if (found !== null) return found;
  try {
    await galleries.createDefinition(gallery, body);
  } catch (error) {
    const status = serviceStatusOf(error);
    // What was refused has created nothing; of all else the next GET tells.
    if (status !== null && status < 500) await hold.release();
    throw error;
  }
  return galleries.findDefinition(gallery);
}

function stateOf(facts: SourceFacts | ImageFacts | null) {
  if (facts === null) return null;
  if ("osState" in facts) return facts.osState === "Specialized" ? "Specialized" : "Generalized";
  return facts.machine?.isGeneralized === false ? "Specialized" : "Generalized";
}

function waitFor(output: OutputProgress): OutputCheck {
  const reason = failure({
    code: "DefinitionInWork",
    message: "The image definition is being created.",
    fix: "Wait until it is ready.",
    retryable: true,
  });
  return { verdict: "later", output, reason };
}
