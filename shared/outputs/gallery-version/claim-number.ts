import { definitionId, type GalleryRequest } from "../../image/gallery-request.ts";
import {
  formatVersionNumber,
  isInSeries,
  nextVersion,
  parseVersionNumber,
  seriesOf,
  type VersionNumber,
} from "../../image/version-number.ts";
import type { RecordStore } from "../../ports.ts";
import { isTerminal } from "../../record/states.ts";

/** A number that is taken while it is being claimed means that another one is tried; so often. */
const MAX_TRIES = 20;

/** The number of a version, or why it has none yet. */
export type NumberClaim =
  | { readonly outcome: "claimed"; readonly version: string }
  /** Another request that is open has it. */
  | { readonly outcome: "held"; readonly holder: string }
  /** Others claim numbers at the same time. */
  | { readonly outcome: "contended" }
  /** No number of 32 bits is left. */
  | { readonly outcome: "exhausted" };

/**
 * Claims the number of a version before anything is sent (ADR 27): the one that was requested, or the
 * next one above every version of the definition and every claim. A request that has claimed a number
 * before gets it again.
 * @param listed names of the versions that exist, in any state; read only where a number is left open.
 * @param isTaken whether somebody else's version has a number.
 */
export async function claimNumber(
  gallery: GalleryRequest,
  requestId: string,
  ports: {
    readonly records: Pick<
      RecordStore,
      "get" | "getClaimedVersion" | "getVersionHolder" | "findHighestClaim" | "claimVersion"
    >;
    readonly list: () => Promise<readonly string[]>;
    readonly isTaken: (version: string) => Promise<boolean>;
  },
): Promise<NumberClaim> {
  const asked = parseVersionNumber(gallery.version);
  return asked === null
    ? claimNext(gallery, requestId, ports)
    : claimExactly(gallery, asked, requestId, ports);
}

type Ports = Parameters<typeof claimNumber>[2];

async function claimExactly(
  gallery: GalleryRequest,
  version: VersionNumber,
  requestId: string,
  { records }: Ports,
): Promise<NumberClaim> {
  const definition = definitionId(gallery);
  const holder = await records.getVersionHolder(definition, version);
  if (holder === requestId) return claimed(version);
  if (holder !== null) {
    const stored = await records.get(holder);
    if (stored !== null && !isTerminal(stored.record.state)) return { outcome: "held", holder };
  }
  const own = await records.getClaimedVersion(definition, requestId);
  const isOurs = await records.claimVersion({ definition, version, requestId }, { holder, own });
  return isOurs ? claimed(version) : { outcome: "contended" };
}

async function claimNext(
  gallery: GalleryRequest,
  requestId: string,
  { records, list, isTaken }: Ports,
): Promise<NumberClaim> {
  const definition = definitionId(gallery);
  const series = seriesOf(gallery.version);
  const before = await records.getClaimedVersion(definition, requestId);
  const isOurs = before !== null && isInSeries(before, series);
  if (isOurs && !(await isTaken(formatVersionNumber(before)))) return claimed(before);
  const listed = (await list()).flatMap((name) => {
    const version = parseVersionNumber(name);
    return version === null ? [] : [version];
  });
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const highest = await records.findHighestClaim(definition, series);
    const next = nextVersion(gallery.version, highest === null ? listed : [...listed, highest]);
    if (next === null) return { outcome: "exhausted" };
    const claim = { definition, version: next, requestId };
    const expected = { holder: null, own: before };
    if (await records.claimVersion(claim, expected)) return claimed(next);
    // Another process may be taking the same step of this request.
    const own = await records.getClaimedVersion(definition, requestId);
    if (own !== null && own.join(".") !== before?.join(".")) return claimed(own);
  }
  return { outcome: "contended" };
}

function claimed(version: VersionNumber): NumberClaim {
  return { outcome: "claimed", version: formatVersionNumber(version) };
}
