/** Metadata of a Linux VHD that says all that an image needs to know. */
export const LINUX_METADATA = { ostype: "Linux", osstate: "Generalized", hypervgeneration: "V2" };

/** The body of the PUT that a VHD with this metadata has to become. */
export function bodyOfBareVhd(
  name: string,
  osOptions: object,
  dataDisks: readonly object[],
  tags: object,
): Readonly<Record<string, unknown>> {
  const osDisk = { osType: "Linux", osState: "Generalized", blobUri: `${name}.vhd`, ...osOptions };
  return {
    location: "westus",
    tags,
    properties: {
      storageProfile: { osDisk, ...(dataDisks.length === 0 ? {} : { dataDisks }) },
      hyperVGeneration: "V2",
    },
  };
}
