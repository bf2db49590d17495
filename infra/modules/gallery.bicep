// The gallery for image versions, existing or made here, and the app's right to publish in it. Why the
// right is needed is in docs/deployment.md, "Rights".

@description('Name of the gallery.')
param name string

@description('Region of the gallery, if it is made here. Its versions may be in other regions.')
param location string

@description('Tags of the gallery, if it is made here.')
param tags object

@description('Whether the gallery is made here, or exists.')
param isNew bool

@description('Object id of the app\'s identity.')
param principalId string

var computeGalleryArtifactsPublisher = '85a2d0d9-2eba-4c9c-b355-11c2cc0788ab'

resource newGallery 'Microsoft.Compute/galleries@2024-03-03' = if (isNew) {
  name: name
  location: location
  tags: tags
  properties: {
    description: 'Image versions that vhd-to-image publishes.'
  }
}

resource gallery 'Microsoft.Compute/galleries@2024-03-03' existing = {
  name: name
}

// On the gallery only: the role can do more than the app needs, but nowhere else.
resource right 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, name, principalId, 'gallery publisher')
  scope: gallery
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      computeGalleryArtifactsPublisher
    )
  }
  dependsOn: [newGallery]
}
