import { Ajv, type SchemaObject, type ValidateFunction } from "ajv";
import { GALLERY_DEFINITIONS } from "../galleries/gallery-schema.ts";
import { IMAGE_DEFINITIONS } from "../images/image-schema.ts";
import { existsAt, type SchemaDefinitions, type SchemaNode } from "./schema-node.ts";

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
  definitions: SchemaDefinitions,
  apiVersion: string,
): SchemaObject {
  const definition = definitions[name];
  if (definition === undefined) {
    throw new RangeError(`the schema has no definition '${name}'`);
  }
  return deriveNode(definition, { definitions, apiVersion }, SERVICE_CLASS_NAMES[name] ?? name);
}

/** What the definitions are read in, and for which api-version. */
interface Derivation {
  readonly definitions: SchemaDefinitions;
  readonly apiVersion: string;
}

function deriveNode(node: SchemaNode, derivation: Derivation, title?: string): SchemaObject {
  const { definitions, apiVersion } = derivation;
  if (node.readOnly === true) return {};
  if (node.$ref !== undefined) return deriveSchema(node.$ref, definitions, apiVersion);
  switch (node.type) {
    case undefined:
      return {};
    case "object":
      return deriveObject(node, derivation, title);
    case "array":
      return { type: "array", items: deriveNode(node.items ?? {}, derivation) };
    case "integer":
      return { type: "integer", minimum: -MAX_INT32 - 1, maximum: MAX_INT32 };
    default:
      return {
        type: node.type,
        ...(node.enum === undefined ? {} : { enum: listValues(node, apiVersion) }),
        ...(node.format === "date-time" ? { pattern: DATE_TIME } : {}),
      };
  }
}

function listValues({ enum: values = [], enumSince = {} }: SchemaNode, apiVersion: string) {
  return values.filter((value) => (enumSince[value] ?? "") <= apiVersion);
}

function deriveObject(
  node: SchemaNode,
  derivation: Derivation,
  title: string | undefined,
): SchemaObject {
  const { apiVersion } = derivation;
  const parents = (node.allOf ?? []).map((parent) => deriveNode(parent, derivation));
  const own = Object.entries(node.properties ?? {})
    .filter(([, value]) => existsAt(value, apiVersion))
    .map(([key, value]) => [key, deriveNode(value, derivation)] as const);
  const atTimes = [
    ...Object.entries(node.requiredUntil ?? {}).filter(([, end]) => apiVersion < end),
    ...Object.entries(node.requiredSince ?? {}).filter(([, start]) => start <= apiVersion),
  ].map(([key]) => key);
  return {
    type: "object",
    ...(title === undefined ? {} : { title }),
    properties: {
      ...Object.assign({}, ...parents.map((parent) => parent.properties)),
      ...Object.fromEntries(own),
    },
    required: [
      ...parents.flatMap((parent) => parent.required ?? []),
      ...(node.required ?? []).filter((key) => existsAt(node.properties?.[key] ?? {}, apiVersion)),
      ...atTimes,
    ],
    additionalProperties:
      node.additionalProperties === undefined
        ? false
        : deriveNode(node.additionalProperties, derivation),
  };
}

const ajv = new Ajv({ allErrors: true, verbose: true });

/** The definitions of the bodies of PUT and PATCH, by resource type. */
const BODIES = {
  images: { definitions: IMAGE_DEFINITIONS, put: "Image", patch: "ImageUpdate" },
  galleries: { definitions: GALLERY_DEFINITIONS, put: "Gallery", patch: "GalleryUpdate" },
  "galleries/images": {
    definitions: GALLERY_DEFINITIONS,
    put: "GalleryImage",
    patch: "GalleryImageUpdate",
  },
  "galleries/images/versions": {
    definitions: GALLERY_DEFINITIONS,
    put: "GalleryImageVersion",
    patch: "GalleryImageVersionUpdate",
  },
} as const satisfies Readonly<
  Record<string, { definitions: SchemaDefinitions; put: string; patch: string }>
>;

/** A resource type whose bodies are judged. */
export type JudgedType = keyof typeof BODIES;

export function isJudgedType(type: string): type is JudgedType {
  return Object.hasOwn(BODIES, type);
}

const compiled = new Map<string, ValidateFunction>();

/** Returns what accepts the body of a PUT or PATCH in an api-version; compiled when it is first needed. */
export function validatorOf(
  type: JudgedType,
  method: "put" | "patch",
  apiVersion: string,
): ValidateFunction {
  const key = `${type} ${method} ${apiVersion}`;
  const found = compiled.get(key);
  if (found !== undefined) return found;
  const { definitions, [method]: name } = BODIES[type];
  const validate = ajv.compile(deriveSchema(name, definitions, apiVersion));
  compiled.set(key, validate);
  return validate;
}

/** Returns a resource as an api-version answers it: without the members that it does not have. */
export function pruneToVersion(type: JudgedType, resource: unknown, apiVersion: string): unknown {
  const { definitions, put } = BODIES[type];
  return pruneNode({ $ref: put }, resource, definitions, apiVersion);
}

function pruneNode(
  node: SchemaNode,
  value: unknown,
  definitions: SchemaDefinitions,
  apiVersion: string,
): unknown {
  const target = node.$ref === undefined ? node : (definitions[node.$ref] ?? {});
  if (Array.isArray(value)) {
    return value.map((item) => pruneNode(target.items ?? {}, item, definitions, apiVersion));
  }
  if (typeof value !== "object" || value === null) return value;
  const members = collectMembers(target, definitions);
  const kept = Object.entries(value).filter(([key]) => existsAt(members[key] ?? {}, apiVersion));
  return Object.fromEntries(
    kept.map(([key, item]) => [key, pruneNode(members[key] ?? {}, item, definitions, apiVersion)]),
  );
}

function collectMembers(
  node: SchemaNode,
  definitions: SchemaDefinitions,
): Readonly<Record<string, SchemaNode>> {
  const parents = (node.allOf ?? []).map((parent) =>
    collectMembers(
      parent.$ref === undefined ? parent : (definitions[parent.$ref] ?? {}),
      definitions,
    ),
  );
  return { ...Object.assign({}, ...parents), ...node.properties };
}
