# Sends new blobs to the app's blob trigger. Run it after the first deployment, and again when the key
# was renewed: the address of the subscription holds the key. azd runs it after every deployment.
# Needs az, signed in, and the outputs of main.bicep as environment variables.
$ErrorActionPreference = 'Stop'

$needed = 'AZURE_SUBSCRIPTION_ID', 'AZURE_RESOURCE_GROUP', 'AZURE_FUNCTION_APP_NAME',
  'EVENT_TOPIC_NAME', 'HOST_ACCOUNT', 'DEAD_LETTER_CONTAINER', 'UPLOADS_CONTAINER'
foreach ($name in $needed) {
  if (-not [Environment]::GetEnvironmentVariable($name)) { throw "The environment variable $name is not set." }
}

# Who is not signed in learns it here, and not from a key that never comes.
az account show --subscription $env:AZURE_SUBSCRIPTION_ID --output none
if ($LASTEXITCODE -ne 0) { throw "az cannot use the subscription $env:AZURE_SUBSCRIPTION_ID. Sign in with 'az login'." }

$attempts = 30
$secondsBetween = 10

# The host makes the key when it starts with a blob trigger for the first time.
$key = $null
for ($attempt = 1; -not $key; $attempt++) {
  if ($attempt -gt $attempts) {
    throw "The app $env:AZURE_FUNCTION_APP_NAME has no system key blobs_extension after $($attempts * $secondsBetween) s. It has not started with its functions. See its log, then run this script again."
  }
  if ($attempt -gt 1) { Start-Sleep -Seconds $secondsBetween }
  $key = az functionapp keys list --subscription $env:AZURE_SUBSCRIPTION_ID `
    --resource-group $env:AZURE_RESOURCE_GROUP --name $env:AZURE_FUNCTION_APP_NAME `
    --query systemKeys.blobs_extension --output tsv 2>$null
}

# In a file of this user: arguments of a process can be read by others.
$parameters = New-TemporaryFile
try {
  @{
    '$schema'      = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#'
    contentVersion = '1.0.0.0'
    parameters     = @{ blobsExtensionKey = @{ value = "$key" } }
  } | ConvertTo-Json -Depth 4 | Set-Content -Path $parameters -Encoding utf8

  az deployment group create --subscription $env:AZURE_SUBSCRIPTION_ID `
    --resource-group $env:AZURE_RESOURCE_GROUP --name event-subscription `
    --template-file "$PSScriptRoot/../event-subscription.bicep" `
    --parameters "@$parameters" `
    --parameters systemTopicName=$env:EVENT_TOPIC_NAME functionAppName=$env:AZURE_FUNCTION_APP_NAME `
    hostAccountName=$env:HOST_ACCOUNT deadLetterContainer=$env:DEAD_LETTER_CONTAINER `
    uploadsContainer=$env:UPLOADS_CONTAINER `
    --output none
  if ($LASTEXITCODE -ne 0) { throw 'The Event Grid subscription could not be made.' }
}
finally {
  Remove-Item -Path $parameters -Force
}

Write-Output "New blobs in $env:UPLOADS_CONTAINER are sent to $env:AZURE_FUNCTION_APP_NAME."
