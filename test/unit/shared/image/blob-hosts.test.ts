import { describe, expect, it } from "vitest";
import { accountOf, readBlobHost } from "../../../../shared/image/blob-hosts.ts";

describe("readBlobHost", () => {
  it.each([
    ["friend.blob.core.windows.net", "AzureCloud"],
    ["friend.z1.blob.storage.azure.net", "AzureCloud"],
    ["friend.z42.blob.storage.azure.net", "AzureCloud"],
    ["friend.blob.core.chinacloudapi.cn", "AzureChinaCloud"],
    ["friend.blob.core.usgovcloudapi.net", "AzureUSGovernment"],
  ])("%s is the account friend in %s", (host, cloud) => {
    expect(readBlobHost(host)).toEqual({ account: "friend", cloud });
  });

  it.each([
    "friend.blob.core.windows.net.",
    "friend.blob.core.windows.net.evil.example",
    "friend.evil.example",
    "friend.file.core.windows.net",
    "friend.dfs.core.windows.net",
    "friend.privatelink.blob.core.windows.net",
    "friend.z1.privatelink.blob.storage.azure.net",
    "friend-secondary.blob.core.windows.net",
    "friend-dualstack.blob.core.windows.net",
    "friend.blob.storage.azure.net",
    "friend.z1.blob.core.windows.net",
    "friend.z123.blob.storage.azure.net",
    "friend.blob.core.cloudapi.de",
    "x.friend.blob.core.windows.net",
    ".blob.core.windows.net",
    "blob.core.windows.net",
    "friend..blob.core.windows.net",
    "ab.blob.core.windows.net",
    "127.0.0.1",
    "",
  ])("%j is not the host of an account in any cloud", (host) => {
    expect(readBlobHost(host)).toBeNull();
  });
});

describe("accountOf", () => {
  it.each([
    ["https://mystorage.blob.core.windows.net", "mystorage"],
    ["https://mystorage.z12.blob.storage.azure.net/", "mystorage"],
    ["http://127.0.0.1:10000/devstoreaccount1", "devstoreaccount1"],
    ["http://127.0.0.1:10000/devstoreaccount1/", "devstoreaccount1"],
    ["https://blobs.example", "blobs"],
  ])("%s is the blob service of %s", (url, account) => {
    expect(accountOf(url)).toBe(account);
  });
});
