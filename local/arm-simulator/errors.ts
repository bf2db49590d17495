/** One entry of an error's `details`, as the service's `ApiErrorBase` defines it. */
export interface ArmErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/** The value of `error` in an error answer, as the service's `ApiError` defines it. */
export interface ArmErrorBody extends ArmErrorDetail {
  readonly details?: readonly ArmErrorDetail[];
}

/** What an {@link ArmError} may carry besides status, code and message. */
export interface ArmErrorOptions {
  readonly target?: string;
  readonly details?: readonly ArmErrorDetail[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A refusal of the simulated service: it becomes an HTTP answer with the service's error shape. */
export class ArmError extends Error {
  readonly status: number;
  readonly body: ArmErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, options: ArmErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "ArmError";
    this.status = status;
    this.headers = options.headers ?? {};
    this.body = {
      code,
      message,
      ...(options.target === undefined ? {} : { target: options.target }),
      ...(options.details === undefined ? {} : { details: options.details }),
    };
  }
}

/** The simulator cannot start, or was given options that make no sense. */
export class ArmSimulatorError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ArmSimulatorError";
  }
}

/**
 * Returns the service's most frequent refusal: 400 `InvalidParameter` with the parameter as target.
 * Parameters are named from the disk on (`osDisk.osState`), as the service names them.
 */
export function invalidParameter(target: string, message: string, cause?: unknown): ArmError {
  return new ArmError(400, "InvalidParameter", message, { target, cause });
}

/**
 * Returns the refusal of a request without a value the service insists on. The wording is the one
 * reported in https://github.com/Azure/azure-sdk-for-python/issues/4891.
 */
export function missingParameter(name: string): ArmError {
  return invalidParameter(name, `Required parameter '${name}' is missing (null).`);
}

/**
 * Returns the refusal of a body that does not fit the service's classes; see
 * https://github.com/Azure/azure-sdk-for-net/issues/3487 for code and wording.
 */
export function invalidRequestContent(reason: string): ArmError {
  return new ArmError(
    400,
    "InvalidRequestContent",
    `The request content was invalid and could not be deserialized: '${reason}'.`,
  );
}

/** Returns the refusal of a method that a resource does not have. */
export function methodNotSupported(request: {
  readonly method: string;
  readonly url: URL;
}): ArmError {
  const { method, url } = request;
  return new ArmError(
    405,
    "HttpMethodNotSupported",
    `The HTTP method '${method}' is not supported at scope '${url.pathname}'.`,
  );
}

/** Returns the refusal of a change while another operation is running on the same image. */
export function anotherOperation(imageName: string): ArmError {
  return new ArmError(
    409,
    "Conflict",
    `The request failed due to conflict with a concurrent request: another operation is in progress on image '${imageName}'. Retry after it has completed.`,
  );
}
