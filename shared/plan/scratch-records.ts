import type { RecordStore, StoredRecord } from "../ports.ts";

/**
 * A record store that reads from another one and keeps to itself what is written: what the stages note
 * while they plan is there for them, and for nobody else.
 */
export function createScratchRecords(base: RecordStore): RecordStore {
  const records = new Map<string, StoredRecord>();
  const notes = new Map<string, string>();
  const getNote = async (key: string): Promise<string | null> =>
    notes.get(key) ?? (await base.getNote(key));
  let version = 0;
  const put = (record: StoredRecord["record"]): string => {
    version += 1;
    const etag = `scratch-${version}`;
    records.set(record.requestId, { record, etag });
    return etag;
  };
  const refuse = async (): Promise<never> => {
    throw new TypeError("a plan removes nothing");
  };
  return {
    create: async (record) => {
      put(record);
      return true;
    },
    get: async (requestId) => records.get(requestId) ?? base.get(requestId),
    save: async (record) => put(record),
    list: (query) => base.list(query),
    listDue: (before, limit) => base.listDue(before, limit),
    putClaim: async () => {},
    listClaims: (blob) => base.listClaims(blob),
    putDiskName: async () => {},
    listDiskNames: (container, family) => base.listDiskNames(container, family),
    getNote,
    putNote: async (key, value) => void notes.set(key, value),
    async swapNote(key, from, to) {
      if ((await getNote(key)) !== from) return false;
      notes.set(key, to);
      return true;
    },
    getClaimedVersion: (definition, requestId) => base.getClaimedVersion(definition, requestId),
    getVersionHolder: (definition, number) => base.getVersionHolder(definition, number),
    findHighestClaim: (definition, series) => base.findHighestClaim(definition, series),
    // Nobody else sees it: the number is what the request would get now.
    claimVersion: async ({ definition, version: number }, { holder }) =>
      (await base.getVersionHolder(definition, number)) === holder,
    listOpenedUpTo: (at, step) => base.listOpenedUpTo(at, step),
    listAllClaims: (step) => base.listAllClaims(step),
    remove: refuse,
    removeClaim: refuse,
    removeNote: refuse,
    removeDiskName: refuse,
  };
}
