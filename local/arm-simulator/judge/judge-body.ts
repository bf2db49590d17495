import type { ErrorObject, ValidateFunction } from "ajv";
import { ArmError, invalidParameter, invalidRequestContent, missingParameter } from "../errors.ts";
import type { ImageBody, ImageUpdateBody } from "../images/image-model.ts";
import { validatorOf } from "./schema.ts";

/** How the service names a value in its messages, given its path from the body's root. */
type Namer = (path: string) => string;

/**
 * Reads the body of a PUT and judges it against the official schema of an api-version.
 *
 * @throws ArmError 400 for a body that is not JSON or does not fit; like the service, it names the
 * first offence only, in the order deserialization, missing values, values out of range.
 */
export function readImageBody(text: string, apiVersion: string): ImageBody {
  return readBody<ImageBody>(text, validatorOf("images", "put", apiVersion), toParameterName);
}

/** Reads the body of a PATCH; otherwise like {@link readImageBody}. */
export function readImageUpdateBody(text: string, apiVersion: string): ImageUpdateBody {
  const validate = validatorOf("images", "patch", apiVersion);
  return readBody<ImageUpdateBody>(text, validate, toParameterName);
}

/** Reads a body that a compiled schema describes; otherwise like {@link readImageBody}. */
export function readBody<Body extends { readonly properties?: unknown }>(
  text: string,
  validate: ValidateFunction,
  nameParameter: Namer,
): Body {
  const body = dropNulls(parseJson(text));
  if (!validate(body)) throw describeFirst(validate.errors ?? [], nameParameter);
  // The compiled schema has just proven the shape.
  return { ...(body as Body), ...dropReadOnly(body as Body) };
}

/** The service ignores the state in a body: a client may send back what it got. */
function dropReadOnly({ properties }: { readonly properties?: unknown }): {
  readonly properties?: unknown;
} {
  if (properties === undefined) return {};
  const { provisioningState: _, ...rest } = properties as Record<string, unknown>;
  return { properties: rest };
}

function parseJson(text: string): unknown {
  if (text.trim() === "") throw invalidRequestContent("The request body is empty");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidRequestContent(error instanceof Error ? error.message : String(error));
  }
}

/** The service reads an explicit null as an absent member. */
function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (typeof value !== "object" || value === null) return value;
  const present = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(present.map(([key, member]) => [key, dropNulls(member)]));
}

const PHASES = [
  ["additionalProperties", "type", "pattern"],
  ["required"],
  ["enum", "minimum", "maximum"],
];

function describeFirst(errors: readonly ErrorObject[], nameParameter: Namer): ArmError {
  for (const keywords of PHASES) {
    const error = errors.find(({ keyword }) => keywords.includes(keyword));
    if (error !== undefined) return describe(error, nameParameter);
  }
  return invalidRequestContent("The content does not fit the schema");
}

function describe(error: ErrorObject, nameParameter: Namer): ArmError {
  const path = toPropertyPath(error.instancePath);
  switch (error.keyword) {
    case "additionalProperties":
      return describeUnknownMember(error, path);
    case "required":
      return describeMissing(joinPath(path, String(error.params.missingProperty)), nameParameter);
    case "enum":
      return describeUnknownValue(error, nameParameter(path));
    default:
      return describeConversion(error, path);
  }
}

function describeUnknownMember(error: ErrorObject, path: string): ArmError {
  const member = String(error.params.additionalProperty);
  const className = String(error.parentSchema?.title ?? "Object");
  return invalidRequestContent(
    `Could not find member '${member}' on object of type '${className}'. Path '${joinPath(path, member)}'.`,
  );
}

function describeMissing(path: string, nameParameter: Namer): ArmError {
  if (path === "location") {
    // Resource Manager itself asks for the location, before the request reaches Compute.
    return new ArmError(
      400,
      "LocationRequired",
      "The location property is required for this definition.",
    );
  }
  return missingParameter(nameParameter(path));
}

function describeUnknownValue(error: ErrorObject, name: string): ArmError {
  const allowed = (error.params.allowedValues as readonly string[]).join(", ");
  return invalidParameter(
    name,
    `The value '${String(error.data)}' of parameter ${name} is invalid. Allowed values are: ${allowed}.`,
  );
}

function describeConversion(error: ErrorObject, path: string): ArmError {
  const type = error.keyword === "pattern" ? "DateTime" : (error.parentSchema?.type ?? "value");
  const where = path === "" ? "" : ` Path '${path}'.`;
  return invalidRequestContent(
    `Error converting value ${JSON.stringify(error.data)} to type '${type}'.${where}`,
  );
}

/** `/properties/storageProfile/dataDisks/0/lun` → `properties.storageProfile.dataDisks[0].lun` */
function toPropertyPath(pointer: string): string {
  const segments = pointer.split("/").slice(1);
  return segments
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce(
      (path, segment) => (/^\d+$/.test(segment) ? `${path}[${segment}]` : joinPath(path, segment)),
      "",
    );
}

function joinPath(parent: string, member: string): string {
  return parent === "" ? member : `${parent}.${member}`;
}

function toParameterName(path: string): string {
  return path.replace(/^properties\./, "").replace(/^storageProfile\./, "");
}
