// Where the uploads account reports new blobs. An account can have one system topic only.

@description('Name of the topic.')
param name string

@description('Region of the topic: that of the account.')
param location string

@description('Tags of the topic.')
param tags object

@description('Name of the account whose blobs are reported.')
param uploadsAccountName string

@description('Name of the account that holds events which could not be delivered.')
param hostAccountName string

@description('Container for events that could not be delivered.')
param deadLetterContainer string

var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource uploadsAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: uploadsAccountName
}

resource hostAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostAccountName

  resource blobService 'blobServices' existing = {
    name: 'default'

    resource container 'containers' existing = {
      name: deadLetterContainer
    }
  }
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: uploadsAccount.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

// Without shared keys, Event Grid needs an identity of its own to put dead letters away.
resource deadLetterRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostAccount::blobService::container.id, topic.id, storageBlobDataContributor)
  scope: hostAccount::blobService::container
  properties: {
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
  }
}

output name string = topic.name
