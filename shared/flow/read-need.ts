import { serviceCodeOf } from "../errors.ts";
import type { Outputs } from "../outputs/outputs.ts";
import type { BlobStore, RecordStore } from "../ports.ts";
import { buildNoteKey, parseBuildNote } from "../record/build-note.ts";
import type { RequestRecord } from "../record/record.ts";

/** What it takes to find out whether a request that has ended is needed. */
export interface NeedContext {
  readonly blobs: BlobStore;
  readonly records: RecordStore;
  readonly outputs: Outputs;
}

/** A note that says that a request made something that does not exist any more, as it was read. */
interface StaleNote {
  readonly key: string;
  readonly text: string;
}

/** Whether the record of a request that has ended is needed; if not, the notes that go with it. */
export type Need =
  | { readonly isNeeded: true }
  | { readonly isNeeded: false; readonly notes: readonly StaleNote[] };

const NEEDED: Need = { isNeeded: true };

/**
 * A record is needed as long as an upload that it stands for is there, since it would be opened again
 * or become an image of its own; and as long as something exists that, by its note, it made.
 * @throws ServiceError when Azure cannot be asked.
 */
export async function readNeed(record: RequestRecord, context: NeedContext): Promise<Need> {
  if (await isSourceThere(record, context)) return NEEDED;
  if (await isDiskThere(record, context)) return NEEDED;
  return readOutputs(record, context);
}

/** Whether the very upload that opened the request is there. */
async function isSourceThere(
  { kind, source }: RequestRecord,
  { blobs }: NeedContext,
): Promise<boolean> {
  const blob = await blobs.getProperties(source);
  if (blob === null) return false;
  return kind === "manifest"
    ? blob.etag === source.etag
    : blob.createdOn.toISOString() === source.createdOn;
}

/** Whether one of the disks is there as the upload that the request took up. */
async function isDiskThere({ disks }: RequestRecord, { blobs }: NeedContext): Promise<boolean> {
  const looks = disks.map(async ({ ref, observed }) => {
    if (ref === null || observed === null) return false;
    const blob = await blobs.getProperties(ref);
    return blob?.createdOn.toISOString() === observed.createdOn;
  });
  return (await Promise.all(looks)).includes(true);
}

async function readOutputs(record: RequestRecord, context: NeedContext): Promise<Need> {
  const { request, outputs, requestId } = record;
  const notes: StaleNote[] = [];
  for (const output of request === null ? [] : outputs) {
    if (request === null) continue;
    const kind = context.outputs.kindOf(output);
    const id = kind.idOf(request, output);
    if (id === null) continue;
    const key = buildNoteKey(id);
    const text = await context.records.getNote(key);
    if (text === null || parseBuildNote(text)?.requestId !== requestId) continue;
    if (await exists(() => kind.find(request, output, { record }))) return NEEDED;
    notes.push({ key, text });
  }
  return { isNeeded: false, notes };
}

/** Whether something is found; not in a resource group that is gone. */
async function exists(find: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await find()) !== null;
  } catch (error) {
    if (serviceCodeOf(error) === "ResourceGroupNotFound") return false;
    throw error;
  }
}
