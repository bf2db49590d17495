import { isDeepStrictEqual } from "node:util";
import { isTerminal } from "../../shared/record/states.ts";
import {
  type Case,
  findReplacement,
  imageNameOf,
  listEffectivePuts,
  type Trial,
} from "./evidence.ts";
import type { PlannedImage } from "./plan.ts";

/** Code of a failure in which the image stays although it is not what was requested. */
const SOURCE_CHANGED = "SourceChangedDuringCreate";

/** Requests that report success without an image that the service has made. */
export function findMissingImages(trial: Trial): string[] {
  return listSuccesses(trial)
    .filter(({ each, image }) => {
      const id = each.request?.image?.id;
      return !trial.images.some(
        (made) =>
          made.name === image.name &&
          made.id.toLowerCase() === id?.toLowerCase() &&
          made.properties.provisioningState === "Succeeded",
      );
    })
    .map(({ image }) => image.name);
}

/** Images whose PUT had another body than the one that was planned. */
export function findWrongBodies(trial: Trial): string[] {
  return listSuccesses(trial).flatMap(({ each, image }) => {
    const put = listEffectivePuts(trial, image.name).at(-1);
    const subscriptionId = each.request?.image?.subscriptionId ?? "";
    const { uploadsUrl } = trial;
    const converted = listConverted(each);
    const body = completeBody(image.body, { uploadsUrl, subscriptionId, converted });
    return isDeepStrictEqual(put?.body, body)
      ? []
      : [`${image.name}: ${JSON.stringify(put?.body)} instead of ${JSON.stringify(body)}`];
  });
}

/** The PUT must come after the last page of each disk, and before the disk is overwritten. */
export function findEarlyPuts(trial: Trial): string[] {
  return listSuccesses(trial).flatMap(({ image }) => {
    const put = listEffectivePuts(trial, image.name).at(-1);
    if (put === undefined) return [`${image.name} was never requested`];
    const putAt = Date.parse(put.receivedAt);
    return image.disks.flatMap((id) => {
      const disk = trial.cases.find(({ planned }) => planned.id === id);
      if (disk === undefined) return [`${image.name}: ${id} was never uploaded`];
      const written = disk.outcome.lastWriteAt.getTime();
      if (putAt < written) return [`${image.name}: ${written - putAt} ms before the end of ${id}`];
      const next = findReplacement(trial, disk)?.outcome.beganAt.getTime() ?? putAt;
      return putAt > next ? [`${image.name}: ${putAt - next} ms after ${id} was replaced`] : [];
    });
  });
}

/** Images that no request stands for: one that was made needs a success, another one an end. */
export function findStrayImages({ images, requests }: Trial): string[] {
  return images
    .filter(({ name, properties }) => {
      const isMade = properties.provisioningState === "Succeeded";
      return !requests.some(
        ({ image, state, error }) =>
          image?.name === name &&
          (isMade ? state === "succeeded" || error?.code === SOURCE_CHANGED : isTerminal(state)),
      );
    })
    .map(({ name, properties }) => `${name} is ${properties.provisioningState}`);
}

/** Images that the service began to make more often than there were requests for them. */
export function findRepeatedPuts(trial: Trial): string[] {
  const names = new Set(trial.exchanges.flatMap(({ url }) => imageNameOf(url) ?? []));
  return [...names].flatMap((name) => {
    const puts = listEffectivePuts(trial, name).length;
    const requests = trial.requests.filter(
      ({ image, events }) =>
        image?.name === name && events.some(({ state }) => state === "submitting"),
    ).length;
    return puts > requests ? [`${name}: ${puts} for ${requests} request(s)`] : [];
  });
}

/** Requests that report success, with the image that was planned; an unplanned one is none. */
function listSuccesses({ cases }: Trial): { each: Case; image: PlannedImage }[] {
  return cases.flatMap((each) => {
    const { image } = each.planned.expected;
    return each.request?.state === "succeeded" && image !== null ? [{ each, image }] : [];
  });
}

/** What was converted into what; the content is a rule of its own. */
function listConverted({ request }: Case): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (request?.disks ?? []).flatMap(({ blob, conversion }) =>
      blob === null || conversion === undefined ? [] : [[blob, conversion.to]],
    ),
  );
}

/** The planned body with what only the run knows: the storage account's URL and the subscription. */
function completeBody(
  body: PlannedImage["body"],
  known: {
    readonly uploadsUrl: string;
    readonly subscriptionId: string;
    /** Container and name of the converted disk, by the name of the upload. */
    readonly converted: Readonly<Record<string, string>>;
  },
): unknown {
  return JSON.parse(JSON.stringify(body), (key, value: unknown) => {
    if (typeof value !== "string") return value;
    const isOwnBlob = key === "blobUri" && !URL.canParse(value);
    const target = known.converted[value];
    if (isOwnBlob && target !== undefined)
      return new URL(`../${target}`, `${known.uploadsUrl}/`).href;
    return isOwnBlob
      ? `${known.uploadsUrl}/${value}`
      : value.replaceAll("{subscriptionId}", known.subscriptionId);
  });
}
