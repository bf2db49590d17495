import { TARGET_MARK, TARGET_MARK_VALUE } from "../conversion/target-name.ts";
import { FOOTER_BYTES } from "../disk/format/footer.ts";
import type { BlobProperties } from "../ports.ts";
import type { Conversion } from "../record/conversion.ts";
import { countConversion } from "./conversion-budget.ts";
import type { StageContext } from "./stage.ts";

/** How a target is found before a slice. */
export type PreparedTarget =
  | { readonly kind: "complete" }
  /** It would be written from its start, and the limit of the day leaves no room for it. */
  | { readonly kind: "day-is-full" }
  | { readonly kind: "open"; readonly conversion: Conversion };

/**
 * Looks at the target of a disk, and creates it if the caller is its writer. Whoever finds one that
 * ends with the footer finds it complete: that is written last. What another target than the one that
 * was begun contains is not known, so it is written from the start.
 * @throws PageCallError
 */
export async function prepareTarget(
  part: {
    readonly conversion: Conversion;
    readonly blob: BlobProperties;
    readonly footer: Uint8Array;
    readonly requestId: string;
    readonly isWriter: boolean;
  },
  context: StageContext,
): Promise<PreparedTarget> {
  const { conversion, blob, footer, requestId, isWriter } = part;
  const { to, diskBytes, targetCreatedOn } = conversion;
  const length = diskBytes + FOOTER_BYTES;
  const found = await context.blobs.getProperties(to);
  if (found !== null && found.length === length && found.type === "PageBlob") {
    if (await endsWith(found, footer, context)) return { kind: "complete" };
    const createdOn = found.createdOn.toISOString();
    if (createdOn === targetCreatedOn || !isWriter) return { kind: "open", conversion };
    const isCounted = await countConversion(conversion, requestId, context);
    if (!isCounted) return { kind: "day-is-full" };
    return { kind: "open", conversion: fromStart(conversion, createdOn) };
  }
  if (!isWriter) return { kind: "open", conversion };
  if (!(await countConversion(conversion, requestId, context))) return { kind: "day-is-full" };
  if (found !== null) await context.targets.remove(to);
  const metadata = {
    [TARGET_MARK]: TARGET_MARK_VALUE,
    source: encodeURIComponent(`${blob.container}/${blob.name}`),
    sourceetag: blob.etag.replaceAll('"', ""),
  };
  await context.targets.create(to, { length, metadata });
  const created = await context.blobs.getProperties(to);
  const createdOn = created?.createdOn.toISOString() ?? null;
  return { kind: "open", conversion: fromStart(conversion, createdOn) };
}

/**
 * Writes the footer, if the target has as many pages as were written: until then no reader takes it for
 * a VHD. False when pages are missing, or others were written.
 * @throws PageCallError
 */
export async function finishTarget(
  { to, diskBytes, bytesWritten }: Conversion,
  footer: Uint8Array,
  { targets }: Pick<StageContext, "targets">,
): Promise<boolean> {
  if ((await targets.countWritten(to)) !== bytesWritten) return false;
  await targets.write(to, diskBytes, footer);
  return true;
}

function fromStart(conversion: Conversion, targetCreatedOn: string | null): Conversion {
  return { ...conversion, cursor: 0, bytesDone: 0, bytesWritten: 0, targetCreatedOn };
}

async function endsWith(
  { container, name, length, etag }: BlobProperties,
  footer: Uint8Array,
  { blobs }: StageContext,
): Promise<boolean> {
  const range = { offset: length - FOOTER_BYTES, count: FOOTER_BYTES, etag };
  const end = await blobs.read({ container, name }, range);
  return end.length === footer.length && end.every((byte, at) => byte === footer[at]);
}
