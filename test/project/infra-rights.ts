import type { Parameters, PredictedResource, Snapshot } from "./bicep-snapshot.ts";
import { ROLE_IDS } from "./infra-facts.ts";
import { readProjectFile } from "./source-files.ts";

/** Made-up ids that the snapshots are taken with. */
export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
export const UPLOADER = "00000000-0000-0000-0000-000000000003";

/** The parameters file with azd's variables put in, as azd does. */
export function readAzdParameters(variables: Readonly<Record<string, string>>): Parameters {
  const text = readProjectFile("infra/main.parameters.json").replace(
    /\$\{(\w+)(?:=([^}]*))?\}/g,
    (_, name: string, fallback = "") => variables[name] ?? fallback,
  );
  const { parameters } = JSON.parse(text) as { parameters: Record<string, { value: unknown }> };
  return Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value]));
}

/**
 * The settings of the app. Azure says the endpoints of the accounts, so the compiler leaves one expression,
 * whose texts and numbers are read here; what is not a text or a number gets a value of its kind.
 */
export function readSettingsOf(resource: PredictedResource | undefined): Record<string, string> {
  const expression = String(resource?.properties);
  const pairs = [
    ...expression.matchAll(
      /createObject\('key', '(\w+)', 'value', ('(?:[^']|'')*'|\d+|[\w().]+)\)/g,
    ),
    ...expression.matchAll(/'(\w+)', ((?:reference|format)\(|'managedidentity')/g),
  ];
  const settings = pairs.map(([, name = "", value = ""]): [string, string] => {
    if (name.endsWith("Uri")) return [name, "https://account.service.core.windows.net/"];
    if (value === "environment().name") return [name, "AzureCloud"];
    return [name, value.replace(/^'(.*)'$/, "$1")];
  });
  return Object.fromEntries(settings.filter(([, value]) => value !== ""));
}

/** Every assignment as "who: role on what". */
export function nameAssignments({ predictedResources }: Snapshot): string[] {
  const custom = new Map(
    predictedResources
      .filter(({ type }) => type === "Microsoft.Authorization/roleDefinitions")
      .map(({ id, properties }) => [id.split("/").at(-1), properties.roleName]),
  );
  const builtIn = new Map(Object.entries(ROLE_IDS).map(([name, id]) => [id, name]));
  return predictedResources
    .filter(({ type }) => type === "Microsoft.Authorization/roleAssignments")
    .map(({ id, properties: { principalId, roleDefinitionId } }) => {
      const key = String(roleDefinitionId).split("/").at(-1) ?? "";
      const role = builtIn.get(key) ?? String(custom.get(key)).replace(/ \(.*/, "");
      return `${nameWho(principalId)}: ${role} on ${nameWhat(id)}`;
    });
}

function nameWho(principalId: string): string {
  if (principalId === UPLOADER) return "uploader";
  if (principalId.includes("/systemTopics/")) return "topic";
  return principalId.includes("/userAssignedIdentities/id-vhd-to-image-") ? "app" : principalId;
}

/** Where an assignment holds: a container, an account, a resource group, or a whole subscription. */
function nameWhat(id: string): string {
  const [, container] = /\/containers\/([\w-]+)'?[/,]/.exec(id) ?? [];
  if (container !== undefined) return `container ${container}`;
  const [, account] = /\/storageAccounts\/stv2i(host|up)/.exec(id) ?? [];
  if (account !== undefined) return `account ${account}`;
  if (id.includes("/components/")) return "insights";
  const [, gallery] = /\/galleries\/([\w.]+)/.exec(id) ?? [];
  if (gallery !== undefined) return `gallery ${gallery}`;
  const [, subscription = "", group] =
    /\/subscriptions\/([\w-]+)(?:\/resourceGroups\/([\w-]+))?/.exec(id) ?? [];
  return group === undefined ? `subscription ${subscription}` : `group ${group}`;
}

/** What docs/deployment.md says under "Rights", for these parameters. */
export function expectedAssignments(parameters: Parameters): string[] {
  const text = (name: string): string => String(parameters[name] ?? "");
  const groups = (name: string): string[] =>
    text(name)
      .split(",")
      .map((group) => group.trim())
      .filter(Boolean);
  const ownGroup = text("imageResourceGroupName") || `rg-${parameters.environmentName}-images`;
  const targets = [`${SUBSCRIPTION}/${ownGroup}`, ...groups("otherTargetGroups")];
  const sources = groups("sourceGroups").filter((group) => !targets.includes(group));
  const gallery = text("galleryName");
  const galleryGroups = gallery === "" ? [] : groups("galleryGroup");
  const onAccounts = [
    "storageBlobDataOwner",
    "storageQueueDataContributor",
    "storageTableDataContributor",
  ];
  return [
    ...["host", "up"].flatMap((account) =>
      onAccounts.map((role) => `app: ${role} on account ${account}`),
    ),
    "app: monitoringMetricsPublisher on insights",
    "topic: storageBlobDataContributor on container dead-letters",
    ...targets.map((group) => `app: vhd-to-image image creator on group ${group.split("/")[1]}`),
    ...sources.map((group) => `app: vhd-to-image source reader on group ${group.split("/")[1]}`),
    ...(gallery === "" ? [] : [`app: computeGalleryArtifactsPublisher on gallery ${gallery}`]),
    ...[...new Set([...targets, ...galleryGroups].map((group) => group.split("/")[0]))].map(
      (id) => `app: vhd-to-image operation reader on subscription ${id}`,
    ),
    ...(parameters.allowListingStorageKeys === true || gallery !== ""
      ? ["app: vhd-to-image key listing on account up"]
      : []),
    ...(text("uploaderPrincipalId") === ""
      ? []
      : [
          `uploader: ${parameters.uploaderRole === "contributor" ? "storageBlobDataContributor" : "vhd-to-image uploader"} on container uploads`,
        ]),
  ];
}
