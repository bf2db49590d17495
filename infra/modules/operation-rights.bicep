// Reading the state of an operation that creates an image or publishes a gallery image version. Operations belong to a subscription and a
// region, not to a resource group, so a role of the group does not cover them.
targetScope = 'subscription'

@description('Name of the environment; two environments may share a subscription.')
param environmentName string

@description('Object id of the app\'s identity.')
param principalId string

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, environmentName, 'operation reader')
  properties: {
    roleName: 'vhd-to-image operation reader (${uniqueString(subscription().id, environmentName)})'
    description: 'Reads the state of operations of Azure Compute.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.Compute/locations/capsOperations/read'
          'Microsoft.Compute/locations/operations/read'
        ]
      }
    ]
    assignableScopes: [subscription().id]
  }
}

resource right 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, principalId, 'operation reader')
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}
