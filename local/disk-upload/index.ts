export { imageContent, memorySource } from "./image-content.ts";
export { type PutOptions, putPageBlob } from "./put-page-blob.ts";
