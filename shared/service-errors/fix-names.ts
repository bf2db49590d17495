/**
 * The output that an error is about, from its resource id. A message may name another version, the
 * source, which a command must not touch, so these names come from the app alone. Here and below only
 * characters match that a shell takes as they are between single quotes.
 */
const OUTPUT =
  /^(?<GALLERY_ID>\/subscriptions\/(?<SUBSCRIPTION>[\w-]{1,64})\/resourceGroups\/(?<RESOURCE_GROUP>[\w.()-]{1,90})\/providers\/Microsoft\.Compute\/galleries\/(?<GALLERY>[\w.-]{1,80}))(?:\/images\/(?<DEFINITION>[\w.-]{1,80})(?:\/versions\/(?<VERSION>[\d.]{1,40}))?)?$/i;

/** The storage account and the identity that a refusal names, between quotes. */
const ACCOUNT =
  /^(?<STORAGE_ACCOUNT_ID>(?<STORAGE_GROUP_ID>\/subscriptions\/[\w-]{1,64}\/resourceGroups\/[\w.()-]{1,90})\/providers\/Microsoft\.Storage\/storageAccounts\/[a-z\d]{3,24})$/i;
const PRINCIPAL =
  /object id '(?<PRINCIPAL_ID>[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})'/i;

const PLACEHOLDER = /\{([A-Z_]+)\}/g;

/** The options of `az sig image-definition` and `az sig image-version`. */
export const OF_GALLERY =
  "--subscription '{SUBSCRIPTION}' --resource-group '{RESOURCE_GROUP}' --gallery-name '{GALLERY}'";
export const OF_DEFINITION = `${OF_GALLERY} --gallery-image-definition '{DEFINITION}'`;
export const OF_VERSION = `${OF_DEFINITION} --gallery-image-version '{VERSION}'`;

/**
 * A fix with the real names in its commands. `outputId` is the resource id of the output that the
 * error is about, or empty. What is not known stays as its name in capitals: GALLERY.
 */
export function nameInFix(fix: string, message: string, outputId: string): string {
  const names = {
    ...OUTPUT.exec(outputId)?.groups,
    ...findAccount(message),
    ...PRINCIPAL.exec(message)?.groups,
  };
  return fix.replace(PLACEHOLDER, (_, key: string) => names[key] ?? key);
}

function findAccount(message: string): Readonly<Record<string, string>> | undefined {
  const quoted = message.split("'").find((part) => ACCOUNT.test(part));
  return quoted === undefined ? undefined : ACCOUNT.exec(quoted)?.groups;
}
