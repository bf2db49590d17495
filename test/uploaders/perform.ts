import type { PageRange } from "./pages.ts";
import type { Metadata, UploadStep } from "./steps.ts";

/**
 * Hands that write one blob: the fake store's or a real service's. Every write returns the new ETag.
 * @throws the service's error, such as 412 when `ifMatch` is no longer the blob's ETag.
 */
export interface BlobWriter {
  create(options: { metadata: Metadata; contentMd5: string | null }): Promise<string>;
  putPages(page: PageRange, ifMatch: string | null): Promise<string>;
  setProperties(options: { contentMd5: string | null }): Promise<string>;
  setMetadata(metadata: Metadata): Promise<string>;
  startCopy(): Promise<string>;
  /** Content that the copy brings; not a write of anybody, so no new ETag. */
  copyPages(page: PageRange): Promise<void>;
  finishCopy(status: "success" | "failed"): Promise<string>;
  delete(): Promise<void>;
}

/** The time and the user around an upload. */
export interface Surroundings {
  /** Called before every request: what it takes to get there. */
  readonly beforeRequest: () => Promise<void>;
  readonly pause: (seconds: number) => Promise<void>;
  readonly writeManifest: () => Promise<void>;
  /** False: requests that the tool sends in parallel arrive one by one, in the order of the plan. */
  readonly isParallel: boolean;
}

/** Sends the requests of a plan, in its order; ends when the last one is answered. */
export async function performUpload(
  steps: readonly UploadStep[],
  writer: BlobWriter,
  around: Surroundings,
): Promise<void> {
  let etag: string | null = null;
  for (const step of steps) {
    switch (step.do) {
      case "pause":
        await around.pause(step.seconds);
        break;
      case "writeManifest":
        await around.writeManifest();
        break;
      case "delete":
        await writer.delete();
        break;
      case "copyPages":
        for (const page of step.pages) {
          await around.beforeRequest();
          await writer.copyPages(page);
        }
        break;
      case "putPages":
        etag = (await putPages(step, etag, writer, around)) ?? etag;
        break;
      default:
        await around.beforeRequest();
        etag = await sendRequest(step, writer);
    }
  }
}

type Request = Exclude<
  UploadStep,
  { readonly do: "pause" | "writeManifest" | "delete" | "copyPages" | "putPages" }
>;

function sendRequest(request: Request, writer: BlobWriter): Promise<string> {
  switch (request.do) {
    case "create":
      return writer.create(request);
    case "setProperties":
      return writer.setProperties(request);
    case "setMetadata":
      return writer.setMetadata(request.metadata);
    case "startCopy":
      return writer.startCopy();
    case "finishCopy":
      return writer.finishCopy(request.status);
  }
}

/** Returns the ETag of the last answer. */
async function putPages(
  step: Extract<UploadStep, { readonly do: "putPages" }>,
  etagBefore: string | null,
  writer: BlobWriter,
  around: Surroundings,
): Promise<string | null> {
  let etag = etagBefore;
  const pages = step.pages[Symbol.iterator]();
  const sendOneByOne = async (): Promise<void> => {
    for (const page of { [Symbol.iterator]: () => pages }) {
      await around.beforeRequest();
      etag = await writer.putPages(page, step.guarded ? etag : null);
    }
  };
  const lanes = around.isParallel ? step.parallel : 1;
  await Promise.all(Array.from({ length: lanes }, sendOneByOne));
  return etag;
}
