// A storage account that takes tokens only: no shared keys, no anonymous reading, no plain http.

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Region of the account.')
param location string

@description('Tags of the account.')
param tags object

@description('Redundancy.')
param sku string

@description('Days that deleted blobs and containers, and earlier versions of blobs, can be restored.')
param softDeleteDays int

@description('Whether a blob that is overwritten stays as an earlier version.')
param keepVersions bool

@description('Names of the blob containers.')
param containers string[]

@description('Names of the queues.')
param queues string[]

@description('Names of the tables.')
param tables string[]

@description('Whether the account is open to every network, or only to private endpoints and named addresses.')
param isOpen bool

@description('Public IPv4 addresses or ranges that may reach a closed account.')
param allowedAddresses string[]

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Services of the account whose calls are logged: blob, table.')
param loggedServices string[]

@description('Categories of calls that are logged.')
param logCategories string[]

@description('Whether the account is locked against deletion.')
param isLocked bool

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // Reachable under its name in any case: a closed account lets private endpoints and named addresses in.
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      defaultAction: isOpen ? 'Allow' : 'Deny'
      // Event Grid puts dead letters away as a trusted service.
      bypass: 'AzureServices'
      ipRules: map(isOpen ? [] : allowedAddresses, address => { value: address, action: 'Allow' })
    }
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: keepVersions
    deleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
  }
}

// A version is kept, and paid for, until something deletes it. Lifecycle rules know block blobs only: versions
// of page blobs, which is what VHDs are, stay until somebody deletes them.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = if (keepVersions) {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'delete-earlier-versions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: softDeleteDays
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [blobService]
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [
  for container in containers: {
    parent: blobService
    name: container
    properties: {
      publicAccess: 'None'
    }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource messageQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = [
  for queue in queues: {
    parent: queueService
    name: queue
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource recordTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [
  for table in tables: {
    parent: tableService
    name: table
  }
]

resource blobLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (contains(loggedServices, 'blob') && !empty(logCategories)) {
  name: 'to-workspace'
  scope: blobService
  properties: {
    workspaceId: workspaceId
    logs: map(logCategories, category => { category: category, enabled: true })
  }
}

resource tableLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (contains(loggedServices, 'table') && !empty(logCategories)) {
  name: 'to-workspace'
  scope: tableService
  properties: {
    workspaceId: workspaceId
    logs: map(logCategories, category => { category: category, enabled: true })
  }
}

// Against deleting the account, its containers, queues and tables by Resource Manager; what is in them is not
// covered.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (isLocked) {
  name: 'vhd-to-image'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds uploads and records of vhd-to-image. Remove this lock before the app is torn down.'
  }
}

output id string = account.id
output name string = account.name
