// What the app may do in one resource group: read what images are made of, and in a target group also
// make images. The role is defined in the group itself, so that it cannot be assigned anywhere else.

@description('Name of the environment; two environments may share a group.')
param environmentName string

@description('Object id of the app\'s identity.')
param principalId string

@description('Whether images may be created here, or sources be read only.')
param mayCreate bool

// One action for each kind of source of the images API. The state and generation of a machine are in
// its instance view.
var sourceActions = [
  'Microsoft.Compute/diskEncryptionSets/read'
  'Microsoft.Compute/disks/read'
  'Microsoft.Compute/snapshots/read'
  'Microsoft.Compute/virtualMachines/instanceView/read'
  'Microsoft.Compute/virtualMachines/read'
]

// GET before PUT; never DELETE.
var imageActions = [
  'Microsoft.Compute/images/read'
  'Microsoft.Compute/images/write'
]

var purpose = mayCreate ? 'image creator' : 'source reader'

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, environmentName, purpose)
  properties: {
    // Names of roles are unique in a tenant.
    roleName: 'vhd-to-image ${purpose} (${uniqueString(resourceGroup().id, environmentName)})'
    description: mayCreate
      ? 'Creates virtual machine images from sources that it reads.'
      : 'Reads the sources of virtual machine images.'
    type: 'CustomRole'
    permissions: [
      {
        actions: mayCreate ? concat(imageActions, sourceActions) : sourceActions
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

resource right 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, principalId, purpose)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}
