// Rights on data: the app's on its two storage accounts and on Application Insights, and an uploader's.
// Why each is needed is in docs/deployment.md, "Rights".

@description('Object id of the app\'s identity.')
param principalId string

@description('Name of the host\'s storage account.')
param hostAccountName string

@description('Name of the storage account with uploads, queues and records.')
param uploadsAccountName string

@description('Name of the container that is watched.')
param uploadsContainer string

@description('Name of the Application Insights resource.')
param insightsName string

@description('Object id of who may upload; empty for nobody.')
param uploaderPrincipalId string

@description('What an uploader may do: write new blobs only, or everything with blobs of the container.')
@allowed(['uploader', 'contributor'])
param uploaderRole string

@description('Whether the identity may list the keys of the uploads account.')
param allowListingStorageKeys bool

var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var storageQueueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

// The same three on both accounts: the host's needs on the one, those of trigger, queues and records on the other.
var accountRoles = [storageBlobDataOwner, storageQueueDataContributor, storageTableDataContributor]

resource hostAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostAccountName
}

resource uploadsAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: uploadsAccountName

  resource blobService 'blobServices' existing = {
    name: 'default'

    resource container 'containers' existing = {
      name: uploadsContainer
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource hostRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in accountRoles: {
    name: guid(hostAccount.id, principalId, role)
    scope: hostAccount
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource uploadsRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in accountRoles: {
    name: guid(uploadsAccount.id, principalId, role)
    scope: uploadsAccount
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource telemetryRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, monitoringMetricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}

// Writes blobs, and neither reads, lists nor deletes them. Azure has no narrower action for page blobs: writing a
// page is the same right as overwriting a blob (docs/deployment.md, "Uploaders").
resource uploader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'vhd-to-image uploader')
  properties: {
    roleName: 'vhd-to-image uploader (${uniqueString(resourceGroup().id)})'
    description: 'Writes blobs, without reading, listing or deleting any.'
    type: 'CustomRole'
    permissions: [
      {
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'
        ]
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

// On the container only: whoever could write to the queues or the table would get around the policy.
resource uploaderRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(uploaderPrincipalId)) {
  name: guid(uploadsAccount::blobService::container.id, uploaderPrincipalId, uploaderRole)
  scope: uploadsAccount::blobService::container
  properties: {
    principalId: uploaderPrincipalId
    roleDefinitionId: uploaderRole == 'uploader'
      ? uploader.id
      : subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
  }
}

resource keyListing 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (allowListingStorageKeys) {
  name: guid(resourceGroup().id, 'vhd-to-image key listing')
  properties: {
    roleName: 'vhd-to-image key listing (${uniqueString(resourceGroup().id)})'
    description: 'Reads a storage account and lists its keys. Meant for an account that does not accept its keys.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/listKeys/action'
          'Microsoft.Storage/storageAccounts/read'
        ]
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

resource keyListingRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (allowListingStorageKeys) {
  name: guid(uploadsAccount.id, principalId, 'key listing')
  scope: uploadsAccount
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: keyListing.id
  }
}

output uploaderRoleId string = uploader.id
