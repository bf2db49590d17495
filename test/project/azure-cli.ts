/** Options that every command of the Azure CLI has. */
export const COMMON_OPTIONS: readonly string[] = ["--output", "--query", "--debug"];

/**
 * The commands of the Azure CLI that this project prints, each with its options as far as they are used:
 * https://learn.microsoft.com/cli/azure/reference-index. A new command is looked up there first.
 */
export const AZ_COMMANDS: Readonly<Record<string, string>> = {
  "account get-access-token": "--resource",
  "account list-locations": "",
  "account show": "",
  "cloud register": "--endpoint-resource-manager --name",
  "cloud set": "--name --profile",
  "deployment group create": "",
  "deployment sub create": "--location --name --parameters --template-file",
  "deployment sub show": "--name",
  "eventgrid system-topic create":
    "--identity --location --name --resource-group --source --topic-type",
  "eventgrid system-topic event-subscription create":
    "--delivery-identity --delivery-identity-endpoint --delivery-identity-endpoint-type --name --resource-group --system-topic-name",
  "eventgrid system-topic event-subscription delete":
    "--name --resource-group --system-topic-name --yes",
  "functionapp config appsettings delete": "--name --resource-group --setting-names",
  "functionapp config appsettings set": "--name --resource-group --settings",
  "functionapp config set": "--min-tls-version --name --resource-group",
  "functionapp create":
    "--assign-identity --deployment-storage-auth-type --deployment-storage-auth-value --deployment-storage-container-name --deployment-storage-name --flexconsumption-location --instance-memory --maximum-instance-count --name --resource-group --runtime --runtime-version --storage-account",
  "functionapp deployment source config-zip": "--build-remote --name --resource-group --src",
  "functionapp function keys set": "--function-name --key-name --key-value --name --resource-group",
  "functionapp keys list": "--name --resource-group",
  "functionapp scale config set": "--name --resource-group --trigger-settings --trigger-type",
  "group create": "--location --name",
  "group delete": "--name",
  "group show": "--name",
  "identity create": "--name --resource-group",
  "identity federated-credential create":
    "--audiences --identity-name --issuer --name --resource-group --subject",
  "identity show": "--name --resource-group",
  "image list": "",
  "image show": "--ids --name --resource-group",
  login: "--identity",
  "provider register": "--namespace --wait",
  "resource delete": "--ids",
  "resource show": "--ids",
  "resource update": "--ids --set",
  rest: "--body --method --url",
  "role assignment create":
    "--assignee --assignee-object-id --assignee-principal-type --role --scope",
  "role assignment delete": "--ids",
  "role assignment list": "--all --assignee --include-inherited --scope",
  "role definition create": "--role-definition",
  "role definition delete": "--name --scope",
  "role definition list": "--custom-role-only",
  "sig create": "--gallery-name --location --resource-group",
  "sig image-definition create":
    "--features --gallery-image-definition --gallery-name --hyper-v-generation --offer --os-state --os-type --publisher --resource-group --sku",
  "sig image-definition list": "--gallery-name --resource-group --subscription",
  "sig image-definition show":
    "--gallery-image-definition --gallery-name --resource-group --subscription",
  "sig image-version create":
    "--gallery-image-definition --gallery-image-version --gallery-name --os-vhd-storage-account --os-vhd-uri --resource-group",
  "sig image-version delete":
    "--gallery-image-definition --gallery-image-version --gallery-name --resource-group --subscription",
  "sig image-version list":
    "--gallery-image-definition --gallery-name --resource-group --subscription",
  "sig image-version show":
    "--expand --gallery-image-definition --gallery-image-version --gallery-name --resource-group --subscription",
  "sig image-version update":
    "--gallery-image-definition --gallery-image-version --gallery-name --resource-group --set --subscription --target-regions",
  "sig list": "--resource-group --subscription",
  "snapshot create": "--copy-start",
  "storage account blob-service-properties update":
    "--account-name --container-delete-retention-days --delete-retention-days --enable-container-delete-retention --enable-delete-retention --resource-group",
  "storage account create":
    "--allow-blob-public-access --allow-shared-key-access --https-only --kind --location --min-tls-version --name --resource-group --sku",
  "storage account show": "--name",
  "storage blob copy start": "--source-snapshot",
  "storage blob lease break": "--blob-name --container-name",
  "storage blob list": "--account-name --auth-mode --container-name",
  "storage blob show": "--account-name --auth-mode --container-name --name",
  "storage blob upload":
    "--account-name --auth-mode --connection-string --container-name --file --metadata --name --type",
  "storage container-rm create": "--name --storage-account",
  "storage message clear": "--account-name --auth-mode --queue-name",
  "storage message peek": "--account-name --auth-mode --num-messages --queue-name",
  "storage message put": "--account-name --auth-mode --content --queue-name",
  "storage queue create": "--account-name --auth-mode --name",
  "vm deallocate": "--ids",
  "vm generalize": "--ids --name --resource-group",
};
