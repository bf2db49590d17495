import { findNameProblem } from "../image/blob-name.ts";
import type { BlobRef } from "../image/image-request.ts";
import { folderOf, probableNames } from "../image/probable-names.ts";
import { familyOf } from "../metadata/vhd-name.ts";
import type { StageContext } from "./stage.ts";

/** Names that are looked for in place of one that does not exist. */
const MAX_GUESSES = 8;

/** Where a blob is named: the manifest. */
type Manifest = BlobRef;

/** Whether a manifest that names one blob may mean another one: it only spells it otherwise. */
export function mayMean(named: BlobRef, manifest: Manifest, blob: BlobRef): boolean {
  if (named.container === blob.container && named.name === blob.name) return false;
  return guessesFor(named, manifest).some(
    ({ container, name }) =>
      container === blob.container && name.toLowerCase() === blob.name.toLowerCase(),
  );
}

/**
 * The blob that a manifest probably means by the name of one that does not exist; null when none is
 * like it. Bounded: at most eight names, two reads each.
 */
export async function findMeant(
  named: BlobRef,
  manifest: Manifest,
  context: StageContext,
): Promise<BlobRef | null> {
  for (const guess of guessesFor(named, manifest)) {
    for (const name of await spellingsOf(guess, context)) {
      const ref = { container: guess.container, name };
      const isItself = ref.container === named.container && name === named.name;
      if (!isItself && (await context.blobs.getProperties(ref)) !== null) return ref;
    }
  }
  return null;
}

/** The name as it was uploaded, in whatever case; else as it is guessed. */
async function spellingsOf(guess: BlobRef, context: StageContext): Promise<readonly string[]> {
  const family = familyOf(guess.name);
  const names = family === null ? [] : await context.records.listDiskNames(guess.container, family);
  const alike = names.filter((name) => name.toLowerCase() === guess.name.toLowerCase());
  return alike.length > 0 ? alike.slice(0, 2) : [guess.name];
}

/** The likeliest first. Manifests lie in the uploads container, and disks are meant to. */
function guessesFor(named: BlobRef, { container, name }: Manifest): readonly BlobRef[] {
  const names = [named.name, ...probableNames(named.name, { container, folder: folderOf(name) })];
  const distinct = new Map(names.map((guess) => [guess.toLowerCase(), guess]));
  return [...distinct.values()]
    .filter((guess) => findNameProblem(guess) === null)
    .slice(0, MAX_GUESSES)
    .map((guess) => ({ container, name: guess }));
}
