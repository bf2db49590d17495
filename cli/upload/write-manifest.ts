import type { ImageOptions } from "./upload-options.ts";

/** The manifest of an OS disk and its data disks; what it leaves out comes from the disk and the app. */
export function writeManifest(
  osBlob: string,
  dataDisks: readonly { readonly lun: number; readonly blob: string }[],
  options: ImageOptions,
): string {
  const { name, resourceGroup, location, osType, osState, generation, gallery } = options;
  const manifest = {
    imageName: name,
    resourceGroup,
    location,
    gallery,
    properties: {
      hyperVGeneration: generation,
      storageProfile: {
        osDisk: { osType, osState, blobUri: osBlob },
        dataDisks:
          dataDisks.length === 0
            ? undefined
            : dataDisks.map(({ lun, blob }) => ({ lun, blobUri: blob })),
      },
    },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`; // what is undefined is left out
}
