import type { ImageDisk, ImageProperties } from "./image-model.ts";

/** Fills in the defaults that need no source: caching, storage type, zone resilience. */
export function applyDefaults(properties: ImageProperties): ImageProperties {
  const profile = properties.storageProfile;
  if (profile?.osDisk === undefined) return properties;
  const withDefaults = <Disk extends ImageDisk>(disk: Disk): Disk => ({
    ...disk,
    caching: disk.caching ?? "None",
    storageAccountType: disk.storageAccountType ?? "Standard_LRS",
  });
  return {
    ...properties,
    storageProfile: {
      osDisk: withDefaults(profile.osDisk),
      dataDisks: (profile.dataDisks ?? []).map(withDefaults),
      zoneResilient: profile.zoneResilient ?? false,
    },
  };
}
