/** From here on a source is part of the storage profile; before, of the publishing profile. */
const SOURCES_IN_DISKS = "2019-07-01";
/** From here on a blob's account is `storageAccountId`; before, it is `id` beside `uri`. */
const ACCOUNT_APART = "2022-03-03";
/** Until here the older form is still taken: azure-cli sends it with 2022-03-03, and was recorded with it. */
const OLDER_FORM_UNTIL = "2023-07-03";

/**
 * Returns the properties of a version that came in an earlier form in today's: a managed image from
 * `publishingProfile.source`, and a blob's account from `source.id` beside `source.uri`.
 */
export function fromVersionForm<Properties extends object>(
  properties: Properties,
  apiVersion: string,
): Properties {
  if (apiVersion >= OLDER_FORM_UNTIL) return properties;
  const { publishingProfile, storageProfile = {}, ...rest } = properties as Form;
  const { source, ...publishing } = publishingProfile ?? {};
  const isOld = apiVersion < SOURCES_IN_DISKS && isObject(source);
  return {
    ...rest,
    ...(publishingProfile === undefined ? {} : { publishingProfile: publishing }),
    storageProfile: isOld
      ? { ...storageProfile, source: source.managedImage }
      : mapDiskSources(storageProfile, ({ id, uri, ...others }) =>
          uri === undefined || id === undefined
            ? { id, uri, ...others }
            : { ...others, uri, storageAccountId: id },
        ),
  } as unknown as Properties;
}

/** Returns a version's view in the form of an earlier api-version; the reverse of the above. */
export function toVersionForm(view: unknown, apiVersion: string): unknown {
  if (apiVersion >= ACCOUNT_APART || !isObject(view) || !isObject(view.properties)) return view;
  const { publishingProfile = {}, storageProfile = {}, ...rest } = view.properties as Form;
  const isOld = apiVersion < SOURCES_IN_DISKS && isObject(storageProfile.source);
  return {
    ...view,
    properties: {
      ...rest,
      publishingProfile: isOld
        ? { ...publishingProfile, source: { managedImage: storageProfile.source } }
        : publishingProfile,
      storageProfile: mapDiskSources(storageProfile, ({ storageAccountId, ...source }) =>
        storageAccountId === undefined ? source : { ...source, id: storageAccountId },
      ),
    },
  };
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Members = Readonly<Record<string, unknown>>;

interface Form {
  readonly publishingProfile?: Members;
  readonly storageProfile?: Members;
}

function mapDiskSources(profile: Members, change: (source: Members) => Members): Members {
  const changed = (disk: unknown): unknown =>
    isObject(disk) && isObject(disk.source) ? { ...disk, source: change(disk.source) } : disk;
  const { osDiskImage, dataDiskImages } = profile;
  return {
    ...profile,
    ...(osDiskImage === undefined ? {} : { osDiskImage: changed(osDiskImage) }),
    ...(Array.isArray(dataDiskImages) ? { dataDiskImages: dataDiskImages.map(changed) } : {}),
  };
}
