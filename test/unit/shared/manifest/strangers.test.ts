import { describe, expect, it } from "vitest";
import { computeId } from "../../../factories.ts";
import { read, readProblems } from "./reading.ts";

const body = {
  storageProfile: {
    osDisk: { osType: "Linux", osState: "Generalized", blobUri: "web-os.vhd" },
  },
};
const resource = {
  type: "Microsoft.Compute/images",
  apiVersion: "2024-07-01",
  name: "web",
  location: "westeurope",
  properties: body,
};

/** Documents that are uploaded in place of a manifest, and a word of the sentence each gets. */
const STRANGERS: readonly (readonly [string, unknown, RegExp])[] = [
  ["an empty file", " \n", /is empty/],
  ["a comment alone", "// web-os.vhd\n", /is empty/],
  [
    "an ARM template",
    {
      $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      contentVersion: "1.0.0.0",
      resources: [resource],
    },
    /is an ARM template; .*az deployment group create/,
  ],
  ["a template without a schema", { resources: [resource] }, /is an ARM template/],
  ["a resource of a template", resource, /is a resource of an ARM template/],
  [
    "a parameter file",
    {
      $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
      contentVersion: "1.0.0.0",
      parameters: {},
    },
    /is a parameter file/,
  ],
  ["the answer of a list", { value: [resource] }, /is a list; upload one manifest for each image/],
  ["an array", [resource], /is a list/],
  [
    "the output of az image show",
    { id: computeId("images", "web"), name: "web", hyperVGeneration: "V2", ...body, tags: null },
    /is the output of 'az image show'/,
  ],
  [
    "an azapi body",
    { type: "Microsoft.Compute/images@2024-07-01", body: { properties: body } },
    /azapi/,
  ],
  [
    "an example of the REST reference",
    { parameters: { properties: body } },
    /content of 'body' or 'parameters'/,
  ],
  [
    "Terraform in JSON",
    { resource: { azurerm_image: { web: { os_disk: { blob_uri: "web-os.vhd" } } } } },
    /is a Terraform configuration/,
  ],
  [
    "the arguments of azurerm_image",
    { name: "web", os_disk: [{ blob_uri: "web-os.vhd" }] },
    /Terraform/,
  ],
  [
    "Terraform",
    'resource "azurerm_image" "web" {\n  os_disk {\n    blob_uri = "web-os.vhd"\n  }\n}',
    /is a Terraform configuration/,
  ],
  ["a Terraform body", 'name = "web"\nos_disk {\n  blob_uri = "web-os.vhd"\n}', /Terraform/],
  [
    "Bicep",
    "// image\nresource web 'Microsoft.Compute/images@2024-07-01' = {\n  properties: { storageProfile: { osDisk: { blobUri: 'web-os.vhd' } } }\n}",
    /is a Bicep file/,
  ],
  ["Bicep with parameters", "param name string\n", /is a Bicep file/],
  [
    "PowerShell's text of a hashtable",
    "@{osType=Linux; blobUri=web-os.vhd}",
    /ConvertTo-Json -Depth 10/,
  ],
  ["a PowerShell script", "$body = @{ blobUri = 'web-os.vhd' }", /ConvertTo-Json -Depth 10/],
  [
    "a hashtable on the console",
    "Name                           Value\n----                           -----\nblobUri web-os.vhd",
    /ConvertTo-Json/,
  ],
  [
    "JSON cut off by ConvertTo-Json",
    { properties: { storageProfile: { osDisk: "@{osType=Linux; blobUri=web-os.vhd}" } } },
    /ConvertTo-Json -Depth 10/,
  ],
  [
    "JSON cut off by Windows PowerShell",
    { properties: { storageProfile: { osDisk: "System.Collections.Hashtable" } } },
    /ConvertTo-Json -Depth 10/,
  ],
  ["JSON in a text", JSON.stringify(JSON.stringify({ properties: body })), /encoded twice/],
  ["a command", "az image create --name web --source web-os.vhd", /is a command line/],
  ["arguments", "--name web --source web-os.vhd", /is a command line/],
  ["a shell script", "#!/bin/sh\naz image create --source web-os.vhd", /is a command line/],
  ["YAML", "properties:\n  storageProfile:\n    osDisk:\n      blobUri: web-os.vhd\n", /is YAML/],
  ["YAML with a mark", "---\nimageName: web\n", /is YAML/],
  ["XML", '<?xml version="1.0"?><Error>web-os.vhd</Error>', /is XML or HTML/],
];

describe("what is not a manifest", () => {
  it.each(STRANGERS)("gets one sentence that says what it is: %s", (_, document, sentence) => {
    const problems = readProblems(document);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });

  const naming = STRANGERS.filter(([, document]) =>
    JSON.stringify(document).includes("web-os.vhd"),
  );

  it.each(naming)("speaks for the disk that it names: %s", (_, document) => {
    const { mentioned } = read(document);

    expect(mentioned).toContainEqual({ container: "uploads", name: "web-os.vhd" });
  });

  it("is not seen in a manifest, nor in a broken one", () => {
    expect(read({ properties: body }).ok).toBe(true);
    expect(readProblems('{ "properties": ')[0]).toContain("a value is missing");
    expect(readProblems({ properties: {} })[0]).toContain("has no source");
  });
});
