// Everything that vhd-to-image needs in Azure, except the Event Grid subscription: that one needs a key
// of the running app, so it comes after the first deployment (event-subscription.bicep).
targetScope = 'subscription'

@description('Name of the environment. Part of the names of all resources.')
@minLength(1)
@maxLength(50)
param environmentName string

@description('Region of the app and of its storage, and of images that name none. A VHD must be in the region of its image.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Major version of Node.js that runs the app.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('Memory of one instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances that run at the same time. Steps of requests share them.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that are always there, by scale group: { name: \'function:advance\', instanceCount: 1 }.')
param alwaysReady array = []

@description('Existing resource group in this subscription for images that name none. Empty: a new group is made for them.')
param imageResourceGroupName string = ''

@description('Other resource groups where images may be created, as subscriptionId/resourceGroup, separated by commas. They must exist.')
param otherTargetGroups string = ''

@description('Resource groups whose snapshots, disks and virtual machines may be used, besides the target groups; same form. They must exist.')
param sourceGroups string = ''

@description('Names of other storage accounts whose blobs may be used, separated by commas.')
param allowedSourceAccounts string = ''

@description('Regions and edge zones where images may be created, separated by commas; * for all. Empty: the location, and the regions of the sources that are allowed.')
param allowedRegions string = ''

@description('Gallery for image versions whose manifest names none. Empty: no gallery, and nothing may be published.')
param galleryName string = ''

@description('Resource group of an existing gallery, as subscriptionId/resourceGroup. Empty: the gallery is made, in the group for images.')
param galleryGroup string = ''

@description('Whether a manifest may create an image definition that does not exist in the gallery.')
param allowDefinitionCreate bool = false

@description('Whether the identity may list the keys of the uploads account. With a gallery it may in any case. The keys open nothing there; see docs/deployment.md, "Rights".')
param allowListingStorageKeys bool = false

@description('Object id of a user, group or application that may upload. Empty: nobody yet.')
param uploaderPrincipalId string = ''

@description('What that uploader may do in the container: write new blobs only, or everything with its blobs (Storage Blob Data Contributor).')
@allowed(['uploader', 'contributor'])
param uploaderRole string = 'uploader'

@description('Redundancy of both storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param storageSku string = 'Standard_LRS'

@description('Days that deleted blobs and containers can be restored.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 7

@description('Whether overwritten blobs of the uploads account stay as versions. Versions of VHDs stay until somebody deletes them.')
param keepBlobVersions bool = false

@description('Whether both storage accounts are locked against deletion.')
param lockStorage bool = false

@description('Which calls to storage are logged: changes, all, or none.')
@allowed(['none', 'changes', 'all'])
param storageLogs string = 'changes'

@description('Addresses of a network with private endpoints, at least a /26; closes both storage accounts to others. Empty: no network, open accounts.')
param networkAddressPrefix string = ''

@description('Public IPv4 addresses or ranges that may reach the uploads account although it is closed, separated by commas.')
param uploaderAddresses string = ''

@description('Days that logs and metrics are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('E-mail address that alerts go to. Empty: alerts are only shown in the portal.')
param alertEmail string = ''

@description('Address of the runbook, to which alerts add the anchor of their section.')
param runbookUrl string = 'docs/operations.md'

@description('Settings of the app that shall differ from their defaults, by name: { SETTLE_SECONDS: \'600\' }.')
param settingOverrides object = {}

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }

var logCategories = {
  none: []
  changes: ['StorageWrite', 'StorageDelete']
  all: ['StorageRead', 'StorageWrite', 'StorageDelete']
}[storageLogs]
var isOpen = empty(networkAddressPrefix)

var uploadsContainer = 'uploads'
var packageContainer = 'app-package'
var deadLetterContainer = 'dead-letters'
var convertedContainer = 'converted'
var workQueue = 'image-work'
var convertQueue = 'image-convert'
var statusQueue = 'image-status'
var requestTable = 'imageRequests'

var makesImageGroup = empty(imageResourceGroupName)
var imageGroupName = makesImageGroup ? 'rg-${environmentName}-images' : imageResourceGroupName
var imageGroup = '${subscription().subscriptionId}/${imageGroupName}'
var otherTargets = empty(otherTargetGroups) ? [] : split(replace(otherTargetGroups, ' ', ''), ',')
var targets = union([imageGroup], otherTargets)
var hasGallery = !empty(galleryName)
var makesGallery = hasGallery && empty(galleryGroup)
var galleryPlace = empty(galleryGroup) ? imageGroup : replace(galleryGroup, ' ', '')
var gallery = hasGallery ? '${galleryPlace}/${galleryName}' : ''
var operationPlaces = hasGallery ? union(targets, [galleryPlace]) : targets
var operationSubscriptions = union(map(operationPlaces, place => split(place, '/')[0]), [])
var namedSources = empty(sourceGroups) ? [] : split(replace(sourceGroups, ' ', ''), ',')
var pureSources = filter(namedSources, source => !contains(targets, source))
var readableGroups = map(
  concat(targets, pureSources),
  group => '/subscriptions/${split(group, '/')[0]}/resourceGroups/${split(group, '/')[1]}'
)

resource appGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

resource newImageGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = if (makesImageGroup) {
  name: imageGroupName
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: appGroup
  params: {
    name: 'id-vhd-to-image-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: appGroup
  params: {
    workspaceName: 'log-vhd-to-image-${token}'
    insightsName: 'appi-vhd-to-image-${token}'
    location: location
    tags: tags
    retentionDays: logRetentionDays
  }
}

// The host's own account: leases, keys, the trigger's internal queue; the package; dead letters.
module hostStorage 'modules/storage-account.bicep' = {
  name: 'storage-host'
  scope: appGroup
  params: {
    name: 'stv2ihost${token}'
    location: location
    tags: tags
    sku: storageSku
    softDeleteDays: softDeleteDays
    // The host writes its locks and the package over and over.
    keepVersions: false
    isOpen: isOpen
    allowedAddresses: []
    workspaceId: monitoring.outputs.workspaceId
    // Who replaced the package. The host's own queue and table say nothing of interest.
    loggedServices: ['blob']
    logCategories: logCategories
    isLocked: lockStorage
    containers: [packageContainer, deadLetterContainer]
    queues: []
    tables: []
  }
}

// What users and the app share: uploads, messages, records. The poison queues are there from the start,
// because the app listens to them.
module uploadsStorage 'modules/storage-account.bicep' = {
  name: 'storage-uploads'
  scope: appGroup
  params: {
    name: 'stv2iup${token}'
    location: location
    tags: tags
    sku: storageSku
    softDeleteDays: softDeleteDays
    keepVersions: keepBlobVersions
    isOpen: isOpen
    allowedAddresses: empty(uploaderAddresses) ? [] : split(replace(uploaderAddresses, ' ', ''), ',')
    workspaceId: monitoring.outputs.workspaceId
    // Not the queues: the app asks them every other second.
    loggedServices: ['blob', 'table']
    logCategories: logCategories
    isLocked: lockStorage
    containers: [uploadsContainer, convertedContainer]
    queues: [
      workQueue
      convertQueue
      statusQueue
      '${workQueue}-poison'
      '${convertQueue}-poison'
      'webjobs-blobtrigger-poison'
    ]
    tables: [requestTable]
  }
}

module network 'modules/network.bicep' = if (!isOpen) {
  name: 'network'
  scope: appGroup
  params: {
    name: 'vnet-vhd-to-image-${token}'
    location: location
    tags: tags
    addressPrefix: networkAddressPrefix
    accountNames: [hostStorage.outputs.name, uploadsStorage.outputs.name]
  }
}

module dataRights 'modules/data-rights.bicep' = {
  name: 'data-rights'
  scope: appGroup
  params: {
    principalId: identity.outputs.principalId
    hostAccountName: hostStorage.outputs.name
    uploadsAccountName: uploadsStorage.outputs.name
    uploadsContainer: uploadsContainer
    insightsName: monitoring.outputs.insightsName
    uploaderPrincipalId: uploaderPrincipalId
    uploaderRole: uploaderRole
    allowListingStorageKeys: allowListingStorageKeys || hasGallery
  }
}

module targetRights 'modules/image-rights.bicep' = [
  for target in targets: {
    name: 'target-rights-${uniqueString(environmentName, target)}'
    scope: resourceGroup(split(target, '/')[0], split(target, '/')[1])
    params: {
      environmentName: environmentName
      principalId: identity.outputs.principalId
      mayCreate: true
    }
    dependsOn: [newImageGroup]
  }
]

module sourceRights 'modules/image-rights.bicep' = [
  for source in pureSources: {
    name: 'source-rights-${uniqueString(environmentName, source)}'
    scope: resourceGroup(split(source, '/')[0], split(source, '/')[1])
    params: {
      environmentName: environmentName
      principalId: identity.outputs.principalId
      mayCreate: false
    }
  }
]

module operationRights 'modules/operation-rights.bicep' = [
  for id in operationSubscriptions: {
    name: 'operation-rights-${uniqueString(environmentName, id)}'
    scope: subscription(id)
    params: {
      environmentName: environmentName
      principalId: identity.outputs.principalId
    }
  }
]

module galleryRights 'modules/gallery.bicep' = if (hasGallery) {
  name: 'gallery-${uniqueString(environmentName, gallery)}'
  scope: resourceGroup(split(galleryPlace, '/')[0], split(galleryPlace, '/')[1])
  params: {
    name: galleryName
    location: location
    tags: tags
    isNew: makesGallery
    principalId: identity.outputs.principalId
  }
  dependsOn: [newImageGroup]
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: appGroup
  params: {
    name: 'func-vhd-to-image-${token}'
    planName: 'plan-vhd-to-image-${token}'
    location: location
    tags: union(tags, { 'azd-service-name': 'app' })
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    subnetId: network.?outputs.appSubnetId ?? ''
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostAccountName: hostStorage.outputs.name
    uploadsAccountName: uploadsStorage.outputs.name
    packageContainer: packageContainer
    insightsName: monitoring.outputs.insightsName
    settings: union(
      {
        UPLOADS_CONTAINER: uploadsContainer
        CONVERTED_CONTAINER: convertedContainer
        WORK_QUEUE: workQueue
        CONVERT_WORK_QUEUE: convertQueue
        STATUS_QUEUE: statusQueue
        REQUEST_TABLE: requestTable
        AZURE_SUBSCRIPTION_ID: subscription().subscriptionId
        IMAGE_RESOURCE_GROUP: imageGroupName
        IMAGE_LOCATION: location
        ALLOWED_TARGETS: join(targets, ',')
        ALLOWED_SOURCES: join(readableGroups, ',')
        ALLOWED_SOURCE_ACCOUNTS: allowedSourceAccounts
        ALLOWED_REGIONS: allowedRegions
        DEFAULT_GALLERY: gallery
        ALLOWED_GALLERIES: gallery
        ALLOW_DEFINITION_CREATE: allowDefinitionCreate ? 'true' : 'false'
      },
      settingOverrides
    )
  }
  // An app that starts without its rights fails, and is slow to try again.
  dependsOn: [dataRights]
}

module eventTopic 'modules/event-topic.bicep' = {
  name: 'event-topic'
  scope: appGroup
  params: {
    name: 'evgt-vhd-to-image-${token}'
    location: location
    tags: tags
    uploadsAccountName: uploadsStorage.outputs.name
    hostAccountName: hostStorage.outputs.name
    deadLetterContainer: deadLetterContainer
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: appGroup
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    email: alertEmail
    runbookUrl: runbookUrl
  }
}

output AZURE_RESOURCE_GROUP string = appGroup.name
output AZURE_FUNCTION_APP_NAME string = functionApp.outputs.name
output FUNCTION_APP_URL string = functionApp.outputs.url
output IMAGE_RESOURCE_GROUP string = imageGroupName
output UPLOADS_ACCOUNT string = uploadsStorage.outputs.name
output UPLOADS_CONTAINER string = uploadsContainer
output UPLOADER_ROLE_ID string = dataRights.outputs.uploaderRoleId
output HOST_ACCOUNT string = hostStorage.outputs.name
output DEAD_LETTER_CONTAINER string = deadLetterContainer
output EVENT_TOPIC_NAME string = eventTopic.outputs.name
