import type { PageRange } from "./pages.ts";

export type Metadata = Readonly<Record<string, string>>;

/** One thing that an uploader, the storage service or the user does, in the order of a list. */
export type UploadStep =
  /** Put Blob: a page blob of zeros in full length. */
  | { readonly do: "create"; readonly metadata: Metadata; readonly contentMd5: string | null }
  /** Put Page, `parallel` at a time; `guarded`: If-Match on the ETag of the write before. */
  | {
      readonly do: "putPages";
      readonly pages: readonly PageRange[];
      readonly parallel: number;
      readonly guarded: boolean;
    }
  /** Set Blob Properties: what is not given is cleared, so null clears Content-MD5. */
  | { readonly do: "setProperties"; readonly contentMd5: string | null }
  | { readonly do: "setMetadata"; readonly metadata: Metadata }
  /** Copy Blob: the destination is there at once, in full length, with the status `pending`. */
  | { readonly do: "startCopy" }
  /** The service fills in the destination. Content may become readable before the copy has ended. */
  | { readonly do: "copyPages"; readonly pages: readonly PageRange[] }
  | { readonly do: "finishCopy"; readonly status: "success" | "failed" }
  | { readonly do: "delete" }
  | { readonly do: "pause"; readonly seconds: number }
  /** The user uploads the manifest that names the blob. */
  | { readonly do: "writeManifest" };
