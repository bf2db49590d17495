#!/usr/bin/env bash
# The step of action.yml that uploads: a key of the app, the command line, then outputs and summary.
set -euo pipefail

host=$(az functionapp show --resource-group "$INPUT_RESOURCE_GROUP" --name "$INPUT_APP" \
  --query properties.defaultHostName --output tsv)
key=$(az functionapp keys list --resource-group "$INPUT_RESOURCE_GROUP" --name "$INPUT_APP" \
  --query functionKeys.default --output tsv)
echo "::add-mask::$key"
export VHD_TO_IMAGE_URL="https://$host" VHD_TO_IMAGE_KEY="$key"

options=(--json --container "$INPUT_CONTAINER")
if [ -n "$INPUT_MANIFEST" ]; then options+=(--manifest "$INPUT_MANIFEST"); fi
if [ "$INPUT_WAIT" = "true" ]; then options+=(--timeout "$INPUT_TIMEOUT"); else options+=(--no-wait); fi
while IFS= read -r file; do
  # Behind --, so that no file name is read as an option.
  if [ -n "$file" ]; then files+=("$file"); fi
done <<<"$INPUT_FILES"

code=0
node "$COMMAND" upload "${options[@]}" -- "${files[@]}" >result.json || code=$?
node "$SUMMARY" result.json
rm -f result.json
exit "$code"
