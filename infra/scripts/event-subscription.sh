#!/bin/sh
# Sends new blobs to the app's blob trigger. Run it after the first deployment, and again when the key
# was renewed: the address of the subscription holds the key. azd runs it after every deployment.
# Needs az, signed in, and the outputs of main.bicep as environment variables.
set -eu

: "${AZURE_SUBSCRIPTION_ID:?}" "${AZURE_RESOURCE_GROUP:?}" "${AZURE_FUNCTION_APP_NAME:?}"
: "${EVENT_TOPIC_NAME:?}" "${HOST_ACCOUNT:?}" "${DEAD_LETTER_CONTAINER:?}" "${UPLOADS_CONTAINER:?}"

# Who is not signed in learns it here, and not from a key that never comes.
az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none

ATTEMPTS=30
SECONDS_BETWEEN=10

# What is written here only this user can read: arguments of a process can be read by others.
umask 077
parameters=$(mktemp)
errors=$(mktemp)
trap 'rm -f "$parameters" "$errors"' EXIT
trap 'exit 1' HUP INT TERM

# The host makes the key when it starts with a blob trigger for the first time.
key=
attempt=0
while [ -z "$key" ]; do
  attempt=$((attempt + 1))
  if [ "$attempt" -gt "$ATTEMPTS" ]; then
    echo "The app $AZURE_FUNCTION_APP_NAME has no system key blobs_extension after $((ATTEMPTS * SECONDS_BETWEEN)) s." >&2
    echo "It has not started with its functions. See its log, then run this script again." >&2
    cat "$errors" >&2
    exit 1
  fi
  [ "$attempt" -eq 1 ] || sleep "$SECONDS_BETWEEN"
  key=$(az functionapp keys list --subscription "$AZURE_SUBSCRIPTION_ID" \
    --resource-group "$AZURE_RESOURCE_GROUP" --name "$AZURE_FUNCTION_APP_NAME" \
    --query systemKeys.blobs_extension --output tsv 2>"$errors") || key=
done

# shellcheck disable=SC2016 # $schema is meant as it stands.
printf '{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","contentVersion":"1.0.0.0","parameters":{"blobsExtensionKey":{"value":"%s"}}}' \
  "$key" >"$parameters"

az deployment group create --subscription "$AZURE_SUBSCRIPTION_ID" \
  --resource-group "$AZURE_RESOURCE_GROUP" --name event-subscription \
  --template-file "$(dirname "$0")/../event-subscription.bicep" \
  --parameters "@$parameters" \
  --parameters systemTopicName="$EVENT_TOPIC_NAME" functionAppName="$AZURE_FUNCTION_APP_NAME" \
  hostAccountName="$HOST_ACCOUNT" deadLetterContainer="$DEAD_LETTER_CONTAINER" \
  uploadsContainer="$UPLOADS_CONTAINER" \
  --output none

echo "New blobs in $UPLOADS_CONTAINER are sent to $AZURE_FUNCTION_APP_NAME."
