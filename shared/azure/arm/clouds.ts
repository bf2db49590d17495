import type { AzureClouds } from "@azure/arm-compute";
import type { Settings } from "../../settings/settings.ts";

export type Cloud = Settings["cloud"];

/** The client's names for the clouds, by the name that `az cloud` uses. */
export const CLOUD_SETTINGS = {
  AzureCloud: "AZURE_PUBLIC_CLOUD",
  AzureChinaCloud: "AZURE_CHINA_CLOUD",
  AzureUSGovernment: "AZURE_US_GOVERNMENT",
} as const satisfies Record<Cloud, `${AzureClouds}`>;

/** Where Resource Manager is. */
export const ENDPOINTS: Readonly<Record<Cloud, string>> = {
  AzureCloud: "https://management.azure.com",
  AzureChinaCloud: "https://management.chinacloudapi.cn",
  AzureUSGovernment: "https://management.usgovcloudapi.net",
};

/** The audience of tokens for Resource Manager; the client itself only knows the public cloud's. */
export const AUDIENCES: Readonly<Record<Cloud, string>> = {
  AzureCloud: "https://management.azure.com",
  AzureChinaCloud: "https://management.chinacloudapi.cn",
  AzureUSGovernment: "https://management.usgovcloudapi.net",
};
