export { openFileSource, UploadSourceError } from "./file-source.ts";
export { createImageSource } from "./image-source.ts";
export { type UploadOptions, type UploadProgress, uploadPageBlob } from "./page-blob-upload.ts";
export type { PageSource } from "./page-source.ts";
