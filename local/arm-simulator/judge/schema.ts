import { Ajv, type SchemaObject, type ValidateFunction } from "ajv";
import { GALLERY_DEFINITIONS } from "../galleries/gallery-schema.ts";
import { IMAGE_DEFINITIONS } from "../images/image-schema.ts";
import type { SchemaDefinitions, SchemaNode } from "./schema-node.ts";

/**
 * The service's own class names, where an error message has shown them
 * (https://github.com/Azure/bicep/issues/17559, https://github.com/Azure/azure-sdk-for-net/issues/3487).
 * The other definitions keep the schema's name.
 */
const SERVICE_CLASS_NAMES: Readonly<Record<string, string>> = {
  Image: "ResourceDefinition",
  ImageUpdate: "ResourceDefinition",
  ImageOSDisk: "OSDisk",
  ImageDataDisk: "DataDisk",
  ImageStorageProfile: "StorageProfile",
};

const MAX_INT32 = 2 ** 31 - 1;
const DATE_TIME = String.raw`^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$`;

/**
 * Derives a JSON Schema from a definition of the official schema. It is closed (the service refuses
 * members it does not know), members that only the service sets may hold anything (it ignores them),
 * and `title` is the service's name for the object.
 */
export function deriveSchema(
  name: string,
  definitions: SchemaDefinitions = IMAGE_DEFINITIONS,
): SchemaObject {
  const definition = definitions[name];
  if (definition === undefined) {
    throw new RangeError(`the schema has no definition '${name}'`);
  }
  return deriveNode(definition, definitions, SERVICE_CLASS_NAMES[name] ?? name);
}

function deriveNode(
  node: SchemaNode,
  definitions: SchemaDefinitions,
  title?: string,
): SchemaObject {
  if (node.readOnly === true) return {};
  if (node.$ref !== undefined) return deriveSchema(node.$ref, definitions);
  switch (node.type) {
    case undefined:
      return {};
    case "object":
      return deriveObject(node, definitions, title);
    case "array":
      return { type: "array", items: deriveNode(node.items ?? {}, definitions) };
    case "integer":
      return { type: "integer", minimum: -MAX_INT32 - 1, maximum: MAX_INT32 };
    default:
      return {
        type: node.type,
        ...(node.enum === undefined ? {} : { enum: node.enum }),
        ...(node.format === "date-time" ? { pattern: DATE_TIME } : {}),
      };
  }
}

function deriveObject(
  node: SchemaNode,
  definitions: SchemaDefinitions,
  title: string | undefined,
): SchemaObject {
  const parents = (node.allOf ?? []).map((parent) => deriveNode(parent, definitions));
  const own = Object.entries(node.properties ?? {}).map(
    ([key, value]) => [key, deriveNode(value, definitions)] as const,
  );
  return {
    type: "object",
    ...(title === undefined ? {} : { title }),
    properties: {
      ...Object.assign({}, ...parents.map((parent) => parent.properties)),
      ...Object.fromEntries(own),
    },
    required: [...parents.flatMap((parent) => parent.required ?? []), ...(node.required ?? [])],
    additionalProperties:
      node.additionalProperties === undefined
        ? false
        : deriveNode(node.additionalProperties, definitions),
  };
}

const ajv = new Ajv({ allErrors: true, verbose: true });

/** Accepts the body of an image's PUT. */
export const validateImage: ValidateFunction = ajv.compile(deriveSchema("Image"));

/** Accepts the body of an image's PATCH. */
export const validateImageUpdate: ValidateFunction = ajv.compile(deriveSchema("ImageUpdate"));

const compileGallery = (name: string): ValidateFunction =>
  ajv.compile(deriveSchema(name, GALLERY_DEFINITIONS));

/** Accept the bodies of a PUT of galleries, definitions and versions, and of their PATCH. */
export const GALLERY_VALIDATORS = {
  galleries: { put: compileGallery("Gallery"), patch: compileGallery("GalleryUpdate") },
  "galleries/images": {
    put: compileGallery("GalleryImage"),
    patch: compileGallery("GalleryImageUpdate"),
  },
  "galleries/images/versions": {
    put: compileGallery("GalleryImageVersion"),
    patch: compileGallery("GalleryImageVersionUpdate"),
  },
} as const;
