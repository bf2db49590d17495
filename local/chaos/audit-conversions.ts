import { isTerminal } from "../../shared/record/states.ts";
import { CONVERTED_CONTAINER } from "./converted-disks.ts";
import { listEffectivePuts, type Trial } from "./evidence.ts";

/** Images of disks in other formats whose converted disk has another content than the plan's disk. */
export function findWrongContents(trial: Trial): string[] {
  return trial.cases.flatMap(({ planned, request }) => {
    const { image } = planned.expected;
    if (request?.state !== "succeeded" || image === null) return [];
    const sha256 = image.disks.flatMap((id) => trial.contents[id] ?? [])[0];
    if (sha256 === undefined) return [];
    const uri = osBlobOf(listEffectivePuts(trial, image.name).at(-1)?.body);
    const disk = trial.converted.find(({ name }) => uri.endsWith(`/${name}`));
    const isRight = disk?.isComplete === true && disk.sha256 === sha256;
    return isRight ? [] : [`${image.name}: ${JSON.stringify(disk)} instead of ${sha256}`];
  });
}

/** Converted disks that no request stands for, and unfinished ones of requests that have ended. */
export function findStrayTargets({ converted, requests }: Trial): string[] {
  return converted
    .filter(({ name, isComplete }) => {
      const users = requests.filter(({ disks }) =>
        disks.some(({ conversion }) => conversion?.to === `${CONVERTED_CONTAINER}/${name}`),
      );
      return users.length === 0 || (!isComplete && users.every(({ state }) => isTerminal(state)));
    })
    .map(({ name, isComplete }) => `${name}${isComplete ? "" : ", unfinished"}`);
}

function osBlobOf(body: unknown): string {
  const image = body as ImageBody | null | undefined;
  return image?.properties?.storageProfile?.osDisk?.blobUri ?? "";
}

type ImageBody = {
  readonly properties?: {
    readonly storageProfile?: { readonly osDisk?: { readonly blobUri?: string } };
  };
};
