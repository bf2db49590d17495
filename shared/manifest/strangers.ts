import { isObject } from "../plain-object.ts";
import { valueAt } from "./problem.ts";

/** A document as far as it could be read. */
export interface Document {
  readonly text: string;
  /** Its value without nulls; a guess when it is not JSON. */
  readonly value: unknown;
  readonly isJson: boolean;
}

/** Another kind of document that is uploaded in place of a manifest. */
interface Stranger {
  readonly id: string;
  readonly is: (document: Document) => boolean;
  /** What it is and what to do, as one clause. */
  readonly message: string;
}

const BODY =
  "a manifest is the request body of one image: only its 'location', 'tags' and 'properties'";
/** What a text begins with, where blank lines and comments do not count. */
const BEGINNING = 400;
const SHELL_WORDS = ["az", "curl", "azcopy", "New-AzImage", "Invoke-RestMethod"];
const HCL_WORDS = [
  "resource",
  "data",
  "provider",
  "terraform",
  "module",
  "variable",
  "locals",
  "azurerm_image",
  "azapi_resource",
];
const BICEP_WORDS = [
  "resource",
  "param",
  "targetScope",
  "module",
  "var",
  "output",
  "metadata",
  "using",
  "import",
];

const keys = (value: unknown): readonly string[] => (isObject(value) ? Object.keys(value) : []);
const has = (value: unknown, ...names: string[]): boolean =>
  names.every((name) => keys(value).includes(name));
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** In the order in which they are asked; the first that recognises a document names it. */
const STRANGERS: readonly Stranger[] = [
  {
    id: "empty",
    is: ({ text, value, isJson }) => firstWords(text) === "" || (isJson && value === undefined),
    message: "the manifest is empty; upload the request body of one image as JSON",
  },
  {
    id: "powershell",
    is: ({ text, value, isJson }) =>
      isJson
        ? hasPowerShellText(value)
        : /^(?:@[{(]|\$\w+ *=)/.test(firstWords(text)) || isPowerShellList(text),
    message:
      "this is PowerShell's text form of an object, not JSON: write it with 'ConvertTo-Json -Depth 10', whose default depth of 2 drops the disks",
  },
  {
    id: "json-in-text",
    is: ({ value, isJson }) => isJson && /^\s*[[{]/.test(textOf(value)),
    message: "this is JSON inside a JSON string: it was encoded twice; encode it once",
  },
  {
    id: "parameters",
    is: ({ value }) => /deploymentParameters/i.test(textOf(valueAt(value, ["$schema"]))),
    message: `this is a parameter file of an ARM template; ${BODY}`,
  },
  {
    id: "arm-template",
    is: ({ value }) =>
      /deploymentTemplate/i.test(textOf(valueAt(value, ["$schema"]))) ||
      has(value, "contentVersion") ||
      has(value, "resources"),
    message: `this is an ARM template; deploy it with 'az deployment group create', or upload a manifest: ${BODY}, with values instead of expressions`,
  },
  {
    id: "arm-resource",
    is: ({ value }) => has(value, "apiVersion", "properties") && has(value, "type"),
    message: `this is a resource of an ARM template; ${BODY}, with values instead of expressions`,
  },
  {
    id: "list",
    is: ({ value }) => Array.isArray(value) || Array.isArray(valueAt(value, ["value"])),
    message: "this is a list; upload one manifest for each image, with only that image's body",
  },
  {
    id: "az-show",
    is: ({ value }) => has(value, "storageProfile") && !has(value, "properties"),
    message:
      "this is the output of 'az image show', which leaves out 'properties'; put 'storageProfile', 'hyperVGeneration' and 'sourceVirtualMachine' into an object 'properties', or take the answer of 'az rest --method get'",
  },
  {
    id: "azapi",
    is: ({ value }) =>
      isObject(valueAt(value, ["body"])) || isObject(valueAt(value, ["parameters"])),
    message:
      "this wraps the body of an image (an azapi resource, or an example of the REST reference); upload only the content of 'body' or 'parameters'",
  },
  {
    id: "terraform-json",
    is: ({ value }) =>
      isObject(valueAt(value, ["resource"])) ||
      keys(value).some((key) =>
        /^(?:os_disk|data_disk|hyper_v_generation|source_virtual_machine_id)$/.test(key),
      ),
    message: `this is a Terraform configuration of 'azurerm_image', which uses other names (os_disk, blob_uri); ${BODY} (osDisk, blobUri)`,
  },
  {
    id: "bicep",
    is: ({ text, isJson }) =>
      !isJson &&
      beginsWith(text, BICEP_WORDS) &&
      (/@\d{4}-\d\d-\d\d'/.test(text) ||
        /^(?:param|targetScope|var|output|metadata|using|import)\b/.test(firstWords(text))),
    message: `this is a Bicep file; deploy it with 'az deployment group create', or upload a manifest in JSON: ${BODY}`,
  },
  {
    id: "terraform",
    is: ({ text, isJson }) =>
      !isJson && (beginsWith(text, HCL_WORDS) || /^[a-z_]+ *(?:=|\{)/.test(firstWords(text))),
    message: `this is a Terraform configuration; a manifest is JSON, and ${BODY}`,
  },
  {
    id: "script",
    is: ({ text, isJson }) =>
      !isJson && (beginsWith(text, SHELL_WORDS) || /^(?:#!|--?[a-z])/.test(text.trimStart())),
    message:
      "this is a command line; a manifest is the body of the request in JSON, which 'az rest --body @FILE' would send",
  },
  {
    id: "markup",
    is: ({ text, isJson }) => !isJson && firstWords(text).startsWith("<"),
    message: "this is XML or HTML, possibly a saved error page; a manifest is JSON",
  },
  {
    id: "yaml",
    is: ({ text, isJson }) =>
      !isJson && /^(?:---|%YAML|- |[A-Za-z$_][\w.-]*:(?:\s|$))/.test(firstWords(text)),
    message: "this is YAML; a manifest is JSON: convert it, for example with 'yq -o=json'",
  },
];

/**
 * What a document is that is not a manifest, and what to do, as one clause; null for one that is to be
 * read as a manifest.
 */
export function identifyStranger(document: Document): string | null {
  return STRANGERS.find(({ is }) => is(document))?.message ?? null;
}

/** The first characters of a text behind blank lines and comments of any of these languages. */
function firstWords(text: string): string {
  const lines = text.split(/\r\n|\r|\n/, 200).map((line) => line.trim());
  const first = lines.findIndex((line) => line !== "" && !/^(?:\/\/|#|REM )/i.test(line));
  return first < 0 ? "" : lines.slice(first).join("\n").slice(0, BEGINNING);
}

function beginsWith(text: string, words: readonly string[]): boolean {
  const first = /^[A-Za-z_-]+(?=[\s{("']|$)/.exec(firstWords(text))?.[0];
  return first !== undefined && words.includes(first);
}

/** What ConvertTo-Json writes for what lies deeper than it goes. */
function hasPowerShellText(value: unknown): boolean {
  const tags = valueAt(value, ["tags"]);
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (
      typeof next === "string" &&
      /^(?:@\{|System\.(?:Collections|Object|Management)\b)/.test(next)
    ) {
      return true;
    }
    // A tag's value may be any text.
    if (typeof next === "object" && next !== null && next !== tags)
      open.push(...Object.values(next));
  }
  return false;
}

/** A hashtable as the console shows it: `Name   Value` over a line, or `key : value` lines. */
function isPowerShellList(text: string): boolean {
  return /^(?:Name +Value|[A-Za-z]+ +:)/.test(firstWords(text));
}
