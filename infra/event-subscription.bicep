// Sends new blobs of the uploads container to the app's blob trigger. To be deployed once the app has
// run for the first time: the key in the address is made when the host starts.

@description('Name of the system topic of the uploads account.')
param systemTopicName string

@description('Name of the function app.')
param functionAppName string

@description('Name of the account that holds events which could not be delivered.')
param hostAccountName string

@description('Container for events that could not be delivered.')
param deadLetterContainer string = 'dead-letters'

@description('Name of the container that is watched.')
param uploadsContainer string = 'uploads'

@description('System key blobs_extension of the function app.')
@secure()
param blobsExtensionKey string

// The name under which the host knows the function; a wrong one is accepted, and its events are lost.
var functionName = 'Host.Functions.ingest'

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: systemTopicName
}

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource hostAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostAccountName
}

resource ingestSubscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'ingest'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: 'https://${app.properties.defaultHostName}/runtime/webhooks/blobs?functionName=${functionName}&code=${uriComponent(blobsExtensionKey)}'
      }
    }
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      // The host does not look at the container in this mode: without this, every blob of the account would start the function.
      subjectBeginsWith: '/blobServices/default/containers/${uploadsContainer}/blobs/'
      isSubjectCaseSensitive: false
      // subjectEndsWith takes one value; letters are compared in any case here as well. At most 25 values are allowed.
      advancedFilters: [
        {
          operatorType: 'StringEndsWith'
          key: 'subject'
          values: [
            '.json'
            '.vhd'
            '.vhdx'
            '.vmdk'
            '.qcow2'
            '.vdi'
            '.img'
            '.raw'
            '.ova'
            '.avhd'
            '.avhdx'
            '.qcow'
            '.iso'
            '.ovf'
            '.gz'
            '.tgz'
            '.xz'
            '.zst'
            '.bz2'
            '.lz4'
            '.zip'
            '.7z'
            '.rar'
            '.tar'
          ]
        }
      ]
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: hostAccount.id
          blobContainerName: deadLetterContainer
        }
      }
    }
  }
}
