/**
 * A definition in the vocabulary of the official schema (OpenAPI 2).
 *
 * `modelAsString: true` marks an open enumeration: a later service may know more values. The service
 * of this version knows only the listed ones.
 */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "boolean";
  readonly format?: "int32" | "date-time";
  readonly enum?: readonly string[];
  readonly modelAsString?: boolean;
  readonly readOnly?: boolean;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode;
  readonly required?: readonly string[];
  readonly allOf?: readonly SchemaNode[];
  /** The first api-version with this member, and the first without it. */
  readonly since?: string;
  readonly until?: string;
  /** Members that were required only until an api-version, or are only from one on. */
  readonly requiredUntil?: Readonly<Record<string, string>>;
  readonly requiredSince?: Readonly<Record<string, string>>;
  /** The first api-version with a value of `enum`, where it is not the first of all. */
  readonly enumSince?: Readonly<Record<string, string>>;
}

/** Definitions by name; `$ref` holds such a name. */
export type SchemaDefinitions = Readonly<Record<string, SchemaNode>>;

export const TEXT: SchemaNode = { type: "string" };
export const BOOLEAN: SchemaNode = { type: "boolean" };
export const INT32: SchemaNode = { type: "integer", format: "int32" };
export const READ_ONLY_TEXT: SchemaNode = { type: "string", readOnly: true };

/** Returns a member that exists from an api-version on. */
export const since = (version: string, node: SchemaNode): SchemaNode => ({
  ...node,
  since: version,
});

/** Tells whether a member exists in an api-version. */
export function existsAt(node: SchemaNode, version: string): boolean {
  return (node.since ?? "") <= version && (node.until === undefined || version < node.until);
}

/** Returns a reference to a definition. */
export const ref = (name: string): SchemaNode => ({ $ref: name });

/** The definitions of the common types v3 that tracked resources are made of. */
export const RESOURCE_DEFINITIONS: SchemaDefinitions = {
  Resource: {
    type: "object",
    properties: {
      id: READ_ONLY_TEXT,
      name: READ_ONLY_TEXT,
      type: READ_ONLY_TEXT,
      systemData: { type: "object", readOnly: true },
    },
  },
  Tags: { type: "object", additionalProperties: TEXT },
  TrackedResource: {
    type: "object",
    properties: { tags: ref("Tags"), location: TEXT },
    required: ["location"],
    allOf: [ref("Resource")],
  },
};
