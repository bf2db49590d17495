import { failure } from "../../errors.ts";
import type { DefinitionFacts, GalleryService, ImageFacts } from "../../gallery-ports.ts";
import { definitionId } from "../../image/gallery-request.ts";
import { foldCase } from "../../image/resource-id.ts";
import type { SourceFacts } from "../../ports.ts";
import { digest } from "../../record/identity.ts";
import type { OutputProgress } from "../../record/output.ts";
import { isTerminal } from "../../record/states.ts";
import type { OutputCheck, OutputSubject } from "../output-kind.ts";
import type { VersionRequest } from "./check-version.ts";
import { toDefinitionBody } from "./definition-body.ts";
import { explainDefinitionDenied, explainNoDefinition } from "./failures.ts";

/** The definition that a version needs, or what keeps it from being published now. */
export type NeededDefinition =
  | { readonly definition: DefinitionFacts }
  | { readonly check: OutputCheck };

/**
 * The definition of a version. A missing one is created where manifest and settings allow it; one that
 * exists is never written to. Of several requests that need it at the same time one creates it.
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
  if (existing?.isReady) return { definition: existing };
  if (existing !== null) return { check: waitFor(output, "is being created") };
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
  if (!(await claimDefinition(request, subject))) {
    return { check: waitFor(output, "is being created by another request") };
  }
  const disk = subject.record.disks.find(({ role }) => role === "os");
  const body = toDefinitionBody(gallery, wanted, {
    osType,
    osState: request.osDisk?.osState ?? stateOf(facts),
    hyperVGeneration: generation,
    architecture: disk?.inspection?.architecture ?? facts?.architecture ?? null,
    securityType: facts?.securityType ?? null,
  });
  await galleries.createDefinition(gallery, body);
  const created = await galleries.findDefinition(gallery);
  return created?.isReady
    ? { definition: created }
    : { check: waitFor(output, "is being created") };
}

/** Whether this request is the one that creates the definition: the first, or after one that has ended. */
async function claimDefinition(
  { gallery }: VersionRequest,
  { record, records }: OutputSubject,
): Promise<boolean> {
  const key = `definition:${digest([foldCase(definitionId(gallery))])}`;
  const holder = await records.getNote(key);
  if (holder === record.requestId) return true;
  if (holder !== null) {
    const stored = await records.get(holder);
    if (stored !== null && !isTerminal(stored.record.state)) return false;
  }
  return records.swapNote(key, holder, record.requestId);
}

function stateOf(facts: SourceFacts | ImageFacts | null) {
  if (facts === null) return null;
  if ("osState" in facts) return facts.osState === "Specialized" ? "Specialized" : "Generalized";
  return facts.machine?.isGeneralized === false ? "Specialized" : "Generalized";
}

function waitFor(output: OutputProgress, what: string): OutputCheck {
  const reason = failure({
    code: "DefinitionInWork",
    message: `The image definition ${what}.`,
    fix: "Wait until it is ready.",
    retryable: true,
  });
  return { verdict: "later", output, reason };
}
