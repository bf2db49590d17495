// The app on the Flex Consumption plan, and all its settings. No setting is a secret.

@description('Name of the app; part of its address.')
param name string

@description('Name of the plan.')
param planName string

@description('Region of app and plan.')
param location string

@description('Tags of app and plan.')
param tags object

@description('Major version of Node.js.')
param nodeVersion string

@description('Memory of one instance in MB.')
param instanceMemoryMB int

@description('Most instances at the same time.')
param maximumInstanceCount int

@description('Instances that are always there, by scale group: { name: \'function:advance\', instanceCount: 1 }.')
param alwaysReady object[]

@description('Resource id of the subnet from which the app calls; empty without a network.')
param subnetId string

@description('Resource id of the app\'s identity.')
param identityId string

@description('Client id of the app\'s identity.')
param identityClientId string

@description('Name of the host\'s storage account.')
param hostAccountName string

@description('Name of the storage account with uploads, queues and records.')
param uploadsAccountName string

@description('Container for the deployed package, in the host\'s account.')
param packageContainer string

@description('Name of the Application Insights resource.')
param insightsName string

@description('Settings of the app that depend on this deployment, or shall differ from the defaults here.')
param settings object

// Every setting of the app has its value here or in main.bicep; docs/configuration.md explains them.
// An empty one is left out below: it counts as not set.
var defaultSettings = {
  BLOB_TRIGGER_SOURCE: 'EventGrid'
  VHD_WITHOUT_MANIFEST: 'create'
  ACTIONS: 'on'
  DEFAULT_OS_TYPE: ''
  DEFAULT_OS_STATE: ''
  DEFAULT_HYPERV_GENERATION: 'V1'
  GALLERY_MAX_REPLICAS: '10'
  SETTLE_SECONDS: '300'
  SETTLE_MIN_SECONDS: '10'
  WAIT_DEADLINE_HOURS: '24'
  CREATE_DEADLINE_HOURS: '6'
  CONVERT: 'auto'
  CONVERT_DEADLINE_HOURS: '24'
  CONVERT_MAX_GIB: '4095'
  CONVERT_MAX_GIB_PER_DAY: '4096'
  CONVERT_AT_ONCE: '2'
  CONVERTED_KEEP_HOURS: '168'
  REPLICATE_DEADLINE_HOURS: '24'
  RETRY_SECONDS: '10'
  POLL_SECONDS: '5'
  OVERDUE_SECONDS: '120'
  KEEP_RECORDS_DAYS: '0'
  SWEEP_SCHEDULE: '0 * * * * *'
  AZURE_CLOUD: environment().name
  ARM_ENDPOINT: ''
}

// Queries wait for the table, and hardly calculate: one instance answers more at once than the 16 that the plan
// would give it, so that somebody who watches the board does not start instances.
var httpConcurrency = 32

var chosenSettings = filter(items(union(defaultSettings, settings)), setting => !empty(string(setting.value)))

resource hostAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostAccountName
}

resource uploadsAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: uploadsAccountName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Event Grid delivers to a public address.
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostAccount.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
  }
}

// Publishing by user name and password, which no role limits, is off; publishing with a token of Entra ID works.
resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(toObject(chosenSettings, setting => setting.key, setting => string(setting.value)), {
    AzureWebJobsStorage__blobServiceUri: hostAccount.properties.primaryEndpoints.blob
    AzureWebJobsStorage__queueServiceUri: hostAccount.properties.primaryEndpoints.queue
    AzureWebJobsStorage__tableServiceUri: hostAccount.properties.primaryEndpoints.table
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    // Never a setting of the bare name ImageStorage beside these: it would win, as a connection string.
    ImageStorage__blobServiceUri: uploadsAccount.properties.primaryEndpoints.blob
    ImageStorage__queueServiceUri: uploadsAccount.properties.primaryEndpoints.queue
    ImageStorage__tableServiceUri: uploadsAccount.properties.primaryEndpoints.table
    ImageStorage__credential: 'managedidentity'
    ImageStorage__clientId: identityClientId
    AZURE_CLIENT_ID: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  })
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
