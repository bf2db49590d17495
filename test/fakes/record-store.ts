import { BadQueryError, RecordConflictError } from "../../shared/errors.ts";
import { highestOf, isInSeries, type VersionNumber } from "../../shared/image/version-number.ts";
import type { RecordStore, StoredRecord } from "../../shared/ports.ts";
import { startPage } from "../../shared/record/page.ts";
import { type RequestRecord, requestRecordSchema } from "../../shared/record/record.ts";
import type { VersionClaim } from "../../shared/version-claims.ts";

/** What an entity of 1 MiB holds at two bytes a character, without the names of its properties. */
const MAX_CHARACTERS = 512 * 1024 - 2_048;

/** Records in memory, with the promises of the real store. */
export interface FakeRecordStore extends RecordStore {
  all(): readonly RequestRecord[];
  /** The next n saves lose the race against an invisible other. */
  loseRaces(count: number): void;
  /** Everything that is stored, a line for each row. */
  rows(): readonly string[];
  /** Every claim on the number of a version. */
  versionClaims(): readonly VersionClaim[];
}

export function createFakeRecordStore(): FakeRecordStore {
  const records = new Map<string, StoredRecord>();
  const claims = new Map<string, Set<string>>();
  const diskNames = new Map<string, Set<string>>();
  const notes = new Map<string, string>();
  const versions = new Map<string, VersionClaim>();
  const ownVersions = new Map<string, VersionNumber>();
  let version = 0;
  let racesToLose = 0;
  let namesPut = 0;
  const put = (record: RequestRecord): string => {
    // As JSON, as the real store keeps it; a structured clone takes several times as long.
    const text = JSON.stringify(record);
    if (text.length > MAX_CHARACTERS) {
      throw new Error(`EntityTooLarge: the record of ${record.requestId}`);
    }
    version += 1;
    const etag = `v${version}`;
    records.set(record.requestId, { record: requestRecordSchema.parse(JSON.parse(text)), etag });
    return etag;
  };
  const newestFirst = (): RequestRecord[] =>
    [...records.values()]
      .map(({ record }) => record)
      .sort(
        (a, b) => b.createdAt.localeCompare(a.createdAt) || a.requestId.localeCompare(b.requestId),
      );
  const allClaims = (): string[] =>
    [...claims].flatMap(([blob, ids]) => [...ids].map((id) => `c:${blob}:${id}`)).sort();
  const placeOf = ({ createdAt, requestId }: RequestRecord): string =>
    `${9_999_999_999_999 - Date.parse(createdAt)}:${requestId}`;
  return {
    all: newestFirst,
    rows: () => [
      ...[...records.keys()].map((id) => `r:${id}`),
      ...allClaims(),
      ...[...diskNames].flatMap(([family, names]) =>
        [...names].map((name) => `v:${family}:${name}`),
      ),
      ...[...notes.keys()].map((key) => `n:${key}`),
    ],
    versionClaims: () => [...versions.values()],
    loseRaces(count) {
      racesToLose = count;
    },
    async create(record) {
      if (records.has(record.requestId)) return false;
      put(record);
      return true;
    },
    async get(requestId) {
      const stored = records.get(requestId);
      return stored === undefined ? null : JSON.parse(JSON.stringify(stored));
    },
    async save(record, base) {
      const isRaced = racesToLose > 0;
      if (isRaced) racesToLose -= 1;
      if (isRaced || records.get(record.requestId)?.etag !== base.etag) {
        throw new RecordConflictError(
          `request ${record.requestId} was saved by another invocation in the meantime`,
        );
      }
      return put(record);
    },
    async list({ state, source, image, limit, cursor }) {
      const filters = JSON.stringify([state, source, image]);
      const [place, givenFor] = cursor === undefined ? [0, filters] : readPlace(cursor);
      if (givenFor !== filters) throw new BadQueryError("'cursor' is not ours");
      const matching = newestFirst().filter(
        (record) =>
          (state === undefined || record.state === state) &&
          (source === undefined || record.source.name === source) &&
          (image === undefined || record.image?.name.toLowerCase() === image.toLowerCase()),
      );
      const page = startPage();
      for (const record of matching.slice(place, place + limit)) if (!page.add(record)) break;
      const end = place + page.records.length;
      const isLast = end >= matching.length;
      return { records: page.records, nextCursor: isLast ? null : `${end} ${filters}` };
    },
    async listDue(before, limit) {
      return newestFirst()
        .filter((record) => record.dueAt !== null && new Date(record.dueAt) < before)
        .sort((a, b) => String(a.dueAt).localeCompare(String(b.dueAt)))
        .slice(0, limit)
        .map((record) => record.requestId);
    },
    async putClaim({ blob, requestId }) {
      const key = `${blob.container}/${blob.name.toLowerCase()}`;
      claims.set(key, (claims.get(key) ?? new Set()).add(requestId));
    },
    async listClaims(blob) {
      return [...(claims.get(`${blob.container}/${blob.name.toLowerCase()}`) ?? [])];
    },
    async putDiskName({ container, name }, family) {
      const key = `${container}/${family}`;
      namesPut += 1;
      diskNames.set(key, (diskNames.get(key) ?? new Set()).add(name));
    },
    async listDiskNames(container, family) {
      return [...(diskNames.get(`${container}/${family}`) ?? [])].slice(0, 100);
    },
    async getClaimedVersion(definition, requestId) {
      return ownVersions.get(`${definition.toLowerCase()} ${requestId}`) ?? null;
    },
    async getVersionHolder(definition, number) {
      return versions.get(`${definition.toLowerCase()} ${number.join(".")}`)?.requestId ?? null;
    },
    async findHighestClaim(definition, series) {
      const own = [...versions.values()].filter(
        (claim) =>
          claim.definition.toLowerCase() === definition.toLowerCase() &&
          isInSeries(claim.version, series),
      );
      return highestOf(own.map(({ version: number }) => number));
    },
    async claimVersion(claim, { holder, own }) {
      const definition = claim.definition.toLowerCase();
      const key = `${definition} ${claim.version.join(".")}`;
      const ownKey = `${definition} ${claim.requestId}`;
      const isSame = (ownVersions.get(ownKey)?.join(".") ?? null) === (own?.join(".") ?? null);
      if ((versions.get(key)?.requestId ?? null) !== holder || !isSame) return false;
      versions.set(key, claim);
      ownVersions.set(ownKey, claim.version);
      return true;
    },
    async getNote(key) {
      return notes.get(key) ?? null;
    },
    async putNote(key, value) {
      notes.set(key, value);
    },
    async swapNote(key, from, to) {
      if ((notes.get(key) ?? null) !== from) return false;
      notes.set(key, to);
      return true;
    },
    async listOpenedUpTo(at, { limit, cursor }) {
      const found = newestFirst()
        .filter(({ createdAt }) => Date.parse(createdAt) <= at.getTime())
        .map((record) => ({ place: placeOf(record), id: record.requestId }))
        .filter(({ place }) => cursor === null || place > cursor)
        .slice(0, limit);
      const last = found.length < limit ? undefined : found.at(-1);
      return { ids: found.map(({ id }) => id), cursor: last?.place ?? null };
    },
    async remove({ record, etag }) {
      if (records.get(record.requestId)?.etag !== etag) {
        throw new RecordConflictError(`request ${record.requestId} was saved by somebody else`);
      }
      records.delete(record.requestId);
    },
    async listAllClaims({ limit, cursor }) {
      const keys = allClaims()
        .filter((key) => cursor === null || key > cursor)
        .slice(0, limit);
      const found = keys.map((key) => ({ key, requestId: key.slice(key.lastIndexOf(":") + 1) }));
      return { claims: found, cursor: keys.length < limit ? null : (keys.at(-1) ?? null) };
    },
    async removeClaim(key) {
      const end = key.lastIndexOf(":");
      claims.get(key.slice(2, end))?.delete(key.slice(end + 1));
    },
    async removeNote(key, value) {
      return notes.get(key) === value && notes.delete(key);
    },
    async removeDiskName({ container, name }, family, isGone) {
      const names = diskNames.get(`${container}/${family}`);
      if (names?.has(name) !== true) return false;
      const before = namesPut;
      return (await isGone()) && namesPut === before && names.delete(name);
    },
  };
}

/** Number of records before the page that a cursor stands for, and the filters that it was given for. */
function readPlace(cursor: string): [place: number, givenFor: string] {
  const [, place, givenFor = ""] = /^(\d+) (.*)$/.exec(cursor) ?? [];
  return [Number(place), givenFor];
}
