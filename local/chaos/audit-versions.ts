import { isDeepStrictEqual } from "node:util";
import { isInSeries, parseVersionNumber, seriesOf } from "../../shared/image/version-number.ts";
import { RECORD_TAG } from "../../shared/image/version-tags.ts";
import type { Exchange } from "../arm-simulator/control/exchanges.ts";
import type { Trial } from "./evidence.ts";
import { versionIdOf } from "./gallery.ts";

const VERSION_PATH = /\/galleries\/[^/?]+\/images\/[^/?]+\/versions\/[^/?]+/i;

/** Requests that report success without the version that was planned, made for them. */
export function findMissingVersions(trial: Trial): string[] {
  return trial.cases.flatMap(({ planned, request }) => {
    const { version } = planned.expected;
    if (version === undefined || request?.state !== "succeeded") return [];
    const id = publishedId(request);
    const made = trial.versions.find((each) => each.id.toLowerCase() === id);
    if (made === undefined) return [`${planned.id}: ${id ?? "no version"}`];
    const number = parseVersionNumber(made.name);
    const isPlanned =
      number !== null &&
      isInSeries(number, seriesOf(version.number)) &&
      id === versionIdOf(version.definition, made.name).toLowerCase();
    const isMade = made.properties.provisioningState === "Succeeded";
    const isOwn = made.tags?.[RECORD_TAG] === request.requestId;
    return isPlanned && isMade && isOwn ? [] : [`${planned.id}: ${JSON.stringify(made)}`];
  });
}

/** Versions that are neither somebody else's nor that of a request that succeeded. */
export function findStrayVersions({ versions, foreign, requests }: Trial): string[] {
  const known = new Set([
    ...foreign.map(({ id }) => id.toLowerCase()),
    ...requests.flatMap((request) =>
      request.state === "succeeded" ? (publishedId(request) ?? []) : [],
    ),
  ]);
  return versions.filter(({ id }) => !known.has(id.toLowerCase())).map(({ id }) => id);
}

/** Versions that the service began to create or change more than once for the app. */
export function findRepeatedVersionPuts(trial: Trial): string[] {
  const puts = listVersionWrites(trial).filter(({ method }) => method === "PUT");
  const counts = Map.groupBy(puts, ({ url }) => versionOf(url));
  return [...counts].flatMap(([id, { length }]) =>
    length > 1 ? [`${id}: ${length} effective PUTs`] : [],
  );
}

/** Versions that several requests report as theirs, or sent to Azure under one number. */
export function findSharedNumbers(trial: Trial): string[] {
  const owners = [
    ...trial.requests.flatMap((request) => {
      const id = publishedId(request);
      return id === undefined ? [] : [{ id, owner: request.requestId }];
    }),
    ...listVersionWrites(trial).flatMap(({ url, body }) => {
      const id = versionOf(url);
      const owner = recordOf(body);
      return id === undefined || owner === undefined ? [] : [{ id, owner }];
    }),
  ];
  return [...Map.groupBy(owners, ({ id }) => id)].flatMap(([id, uses]) => {
    const requests = new Set(uses.map(({ owner }) => owner));
    return requests.size > 1 ? [`${id}: ${[...requests].join(", ")}`] : [];
  });
}

/** Somebody else's versions that the app wrote to, or that are not what they were. */
export function findTouchedForeign(trial: Trial): string[] {
  const writes = listVersionWrites(trial);
  return trial.foreign.flatMap(({ id, before, after }) => {
    const own = writes.filter(({ url }) => versionOf(url) === id.toLowerCase());
    if (own.length > 0) return [`${id}: ${own.map(({ method }) => method).join(", ")}`];
    return isDeepStrictEqual(before, after) ? [] : [`${id}: ${JSON.stringify(after)}`];
  });
}

/** Writes to versions that had an effect, without those by which somebody else's were made. */
function listVersionWrites({ exchanges }: Trial): readonly Exchange[] {
  return exchanges.filter(
    ({ method, url, startedOperation, body }) =>
      method !== "GET" &&
      startedOperation &&
      versionOf(url) !== undefined &&
      (method !== "PUT" || recordOf(body) !== undefined),
  );
}

function versionOf(url: string): string | undefined {
  return VERSION_PATH.test(url) ? new URL(url).pathname.toLowerCase() : undefined;
}

/** The request that a body's tag names. */
function recordOf(body: unknown): string | undefined {
  return (body as { tags?: Record<string, string> } | null)?.tags?.[RECORD_TAG];
}

/** The id of a request's version in lower case, once it is ready. */
function publishedId({ outputs }: Trial["requests"][number]): string | undefined {
  const output = outputs.find(({ kind }) => kind === "galleryVersion");
  return output?.state === "succeeded" ? output.id?.toLowerCase() : undefined;
}
