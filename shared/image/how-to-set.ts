/** Where a request says what the disk does not: in a manifest, or in the metadata of the VHD itself. */
export type RequestKind = "manifest" | "metadata";

/** What a user sets where nothing decides what an OS disk is created as. */
export const HOW_TO_SET = {
  manifest: {
    osType:
      "Set properties.storageProfile.osDisk.osType in the manifest, or the setting DEFAULT_OS_TYPE.",
    hyperVGeneration:
      "Set properties.hyperVGeneration in the manifest, or the setting DEFAULT_HYPERV_GENERATION.",
  },
  metadata: {
    osType: "set the metadata 'ostype' (Windows or Linux) or the setting DEFAULT_OS_TYPE",
    hyperVGeneration: "set the metadata 'hypervgeneration' (V1 or V2)",
  },
} as const satisfies Readonly<
  Record<RequestKind, { readonly osType: string; readonly hyperVGeneration: string }>
>;
