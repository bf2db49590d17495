import { Ajv, type SchemaObject, type ValidateFunction } from "ajv";
import { IMAGE_DEFINITIONS, type SchemaNode } from "../images/image-schema.ts";

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

/**
 * Derives a JSON Schema from a definition of the official schema. It is closed (the service refuses
 * members it does not know), members that only the service sets may hold anything (it ignores them),
 * and `title` is the service's name for the object.
 */
export function deriveSchema(name: string): SchemaObject {
  const definition = IMAGE_DEFINITIONS[name];
  if (definition === undefined) {
    throw new RangeError(`the image schema has no definition '${name}'`);
  }
  return deriveNode(definition, SERVICE_CLASS_NAMES[name] ?? name);
}

function deriveNode(node: SchemaNode, title?: string): SchemaObject {
  if (node.readOnly === true) return {};
  if (node.$ref !== undefined) return deriveSchema(node.$ref);
  switch (node.type) {
    case "object":
      return deriveObject(node, title);
    case "array":
      return { type: "array", items: deriveNode(node.items ?? {}) };
    case "integer":
      return { type: "integer", minimum: -MAX_INT32 - 1, maximum: MAX_INT32 };
    default:
      return { type: node.type, ...(node.enum === undefined ? {} : { enum: node.enum }) };
  }
}

function deriveObject(node: SchemaNode, title: string | undefined): SchemaObject {
  const parents = (node.allOf ?? []).map((parent) => deriveNode(parent));
  const own = Object.entries(node.properties ?? {}).map(
    ([key, value]) => [key, deriveNode(value)] as const,
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
      node.additionalProperties === undefined ? false : deriveNode(node.additionalProperties),
  };
}

const ajv = new Ajv({ allErrors: true, verbose: true });

/** Accepts the body of a PUT. */
export const validateImage: ValidateFunction = ajv.compile(deriveSchema("Image"));

/** Accepts the body of a PATCH. */
export const validateImageUpdate: ValidateFunction = ajv.compile(deriveSchema("ImageUpdate"));
