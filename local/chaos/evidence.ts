import type { StatusView } from "../../shared/http/status-view.ts";
import { requestIdOf } from "../../shared/record/identity.ts";
import type { Exchange } from "../arm-simulator/control/exchanges.ts";
import type { ConvertedDisk } from "./converted-disks.ts";
import type { ForeignVersion, ListedVersion } from "./gallery.ts";
import type { Plan, PlannedUpload } from "./plan.ts";
import type { StatusEvent } from "./queue-reader.ts";
import type { ListedImage } from "./simulator-client.ts";
import type { UploadOutcome } from "./upload.ts";

/** Everything that a run left behind, from every side. */
export type Evidence = {
  readonly plan: Plan;
  readonly outcomes: readonly UploadOutcome[];
  /** What the app says about its requests. */
  readonly requests: readonly StatusView[];
  /** What the service was asked. */
  readonly exchanges: readonly Exchange[];
  readonly images: readonly ListedImage[];
  /** Versions of the gallery, somebody else's among them. */
  readonly versions: readonly ListedVersion[];
  readonly foreign: readonly ForeignVersion[];
  readonly converted: readonly ConvertedDisk[];
  /** SHA-256 of what the guest has to see on an uploaded disk in another format, by upload id. */
  readonly contents: Readonly<Record<string, string>>;
  readonly events: readonly StatusEvent[];
  /** Messages in the work queue and in the blob trigger's internal queue. */
  readonly workMessages: number;
  /** Bodies of messages in poison queues. */
  readonly poison: readonly string[];
  /** Root of the uploads container as the app knows it, without a slash at the end. */
  readonly uploadsUrl: string;
};

/** An upload with what came of it. */
export type Case = {
  readonly planned: PlannedUpload;
  readonly outcome: UploadOutcome;
  readonly request: StatusView | undefined;
};

/** The evidence with what belongs together joined. */
export type Trial = Evidence & { readonly cases: readonly Case[] };

/** Joins uploads and requests: the id of a request follows from the upload that it is for. */
export function joinEvidence(evidence: Evidence, container: string): Trial {
  const { plan, outcomes, requests } = evidence;
  const byId = new Map(requests.map((request) => [request.requestId, request]));
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  const cases = plan.uploads.flatMap((planned) => {
    const outcome = outcomeOf.get(planned.id);
    if (outcome === undefined) return [];
    return [{ planned, outcome, request: byId.get(identify(planned, outcome, container)) }];
  });
  return { ...evidence, cases };
}

function identify(planned: PlannedUpload, { version }: UploadOutcome, container: string): string {
  const name = planned.blob;
  return planned.kind === "manifest"
    ? requestIdOf({ kind: "manifest", container, name, etag: version })
    : requestIdOf({ kind: "vhd", container, name, createdOn: new Date(version) });
}

/** The upload that took the place of this one, if there is one: in truth, not as it was planned. */
export function findReplacement({ cases }: Trial, replaced: Case): Case | undefined {
  return cases.find(
    ({ planned, outcome }) =>
      planned.blob === replaced.planned.blob && outcome.lastWriteAt > replaced.outcome.lastWriteAt,
  );
}

/** PUTs that made the service begin to create an image of this name, oldest first. */
export function listEffectivePuts(trial: Trial, imageName: string): readonly Exchange[] {
  return trial.exchanges.filter(
    ({ method, startedOperation, url }) =>
      method === "PUT" && startedOperation && imageNameOf(url) === imageName,
  );
}

/** The name of the managed image that a URL is about. */
export function imageNameOf(url: string): string | undefined {
  return /\/Microsoft\.Compute\/images\/([^/?]+)/i.exec(url)?.[1];
}
