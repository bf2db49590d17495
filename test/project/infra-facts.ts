/** Version of a resource type, and where that version and its properties were looked up. */
export interface ApiVersion {
  readonly version: string;
  readonly source: string;
  /** Why a preview is used. */
  readonly preview?: string;
}

const TYPES = "https://github.com/Azure/bicep-types-az/blob/main/generated";

/** The only versions that the templates may use: stable ones, looked up in the compiler's own types. */
export const API_VERSIONS: Readonly<Record<string, ApiVersion>> = {
  "Microsoft.Authorization/locks": {
    version: "2020-05-01",
    source: `${TYPES}/resources/microsoft.authorization/2020-05-01/types.md`,
  },
  "Microsoft.Authorization/roleAssignments": authorization(),
  "Microsoft.Authorization/roleDefinitions": authorization(),
  "Microsoft.Compute/galleries": {
    version: "2024-03-03",
    source: `${TYPES}/compute/microsoft.compute/2024-03-03/types.md`,
  },
  "Microsoft.EventGrid/systemTopics": eventGrid(),
  "Microsoft.EventGrid/systemTopics/eventSubscriptions": eventGrid(),
  "Microsoft.Insights/actionGroups": {
    version: "2023-01-01",
    source: `${TYPES}/monitor/microsoft.insights/2023-01-01/types.md`,
  },
  "Microsoft.Insights/components": {
    version: "2020-02-02",
    source: `${TYPES}/applicationinsights/microsoft.insights/2020-02-02/types.md`,
  },
  "Microsoft.Insights/diagnosticSettings": {
    version: "2021-05-01-preview",
    source: `${TYPES}/monitor/microsoft.insights/2021-05-01-preview/types.md`,
    preview: "there is no version after it, and none before it that is not a preview",
  },
  "Microsoft.Insights/scheduledQueryRules": {
    version: "2023-12-01",
    source: `${TYPES}/monitor/microsoft.insights/2023-12-01/types.md`,
  },
  "Microsoft.ManagedIdentity/userAssignedIdentities": {
    version: "2023-01-31",
    source: `${TYPES}/msi/microsoft.managedidentity/2023-01-31/types.md`,
  },
  "Microsoft.Network/privateDnsZones": privateDns(),
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks": privateDns(),
  "Microsoft.Network/privateEndpoints": network(),
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": network(),
  "Microsoft.Network/virtualNetworks": network(),
  "Microsoft.OperationalInsights/workspaces": {
    version: "2023-09-01",
    source: `${TYPES}/operationalinsights/microsoft.operationalinsights/2023-09-01/types.md`,
  },
  "Microsoft.Resources/resourceGroups": {
    version: "2024-03-01",
    source: `${TYPES}/resources/microsoft.resources/2024-03-01/types.md`,
  },
  "Microsoft.Storage/storageAccounts": storage(),
  "Microsoft.Storage/storageAccounts/blobServices": storage(),
  "Microsoft.Storage/storageAccounts/blobServices/containers": storage(),
  "Microsoft.Storage/storageAccounts/managementPolicies": storage(),
  "Microsoft.Storage/storageAccounts/queueServices": storage(),
  "Microsoft.Storage/storageAccounts/queueServices/queues": storage(),
  "Microsoft.Storage/storageAccounts/tableServices": storage(),
  "Microsoft.Storage/storageAccounts/tableServices/tables": storage(),
  "Microsoft.Web/serverfarms": web(),
  "Microsoft.Web/sites": web(),
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies": web(),
  "Microsoft.Web/sites/config": web(),
};

/**
 * Built-in roles by the names that the templates give them
 * (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles).
 */
export const ROLE_IDS: Readonly<Record<string, string>> = {
  storageBlobDataOwner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  storageBlobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  storageQueueDataContributor: "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
  storageTableDataContributor: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
  computeGalleryArtifactsPublisher: "85a2d0d9-2eba-4c9c-b355-11c2cc0788ab",
  monitoringMetricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
};

function authorization(): ApiVersion {
  return {
    version: "2022-04-01",
    source: `${TYPES}/authorization/microsoft.authorization/2022-04-01/types.md`,
  };
}

function eventGrid(): ApiVersion {
  return {
    version: "2025-02-15",
    source: `${TYPES}/eventgrid/microsoft.eventgrid/2025-02-15/types.md`,
  };
}

function network(): ApiVersion {
  return {
    version: "2024-05-01",
    source: `${TYPES}/network/microsoft.network/2024-05-01/types.md`,
  };
}

function privateDns(): ApiVersion {
  return {
    version: "2024-06-01",
    source: `${TYPES}/privatedns/microsoft.network/2024-06-01/types.md`,
  };
}

function storage(): ApiVersion {
  return {
    version: "2024-01-01",
    source: `${TYPES}/storage/microsoft.storage/2024-01-01/types.md`,
  };
}

function web(): ApiVersion {
  return { version: "2024-04-01", source: `${TYPES}/web/microsoft.web/2024-04-01/types.md` };
}
