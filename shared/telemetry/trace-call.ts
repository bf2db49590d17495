import { ServiceError } from "../errors.ts";
import type { Telemetry } from "./telemetry.ts";

/**
 * Does a call to the service as a span. Its status comes from the client as it arrives; of an error,
 * the code is noted here, and answers that ask for fewer calls are counted.
 */
export async function traceCall<T>(
  telemetry: Telemetry,
  operation: string,
  method: "GET" | "PUT" | "DELETE",
  call: () => Promise<T>,
): Promise<T> {
  const attributes = { "http.request.method": method };
  return telemetry.span(operation, { kind: "client", attributes }, async () => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ServiceError) noteError(error, operation, telemetry);
      throw error;
    }
  });
}

function noteError({ parts }: ServiceError, operation: string, telemetry: Telemetry): void {
  telemetry.annotate({ "http.response.status_code": parts.status, "error.type": parts.code });
  if (parts.status === 429 || parts.status === 503) {
    telemetry.measure("vhd_to_image.throttles", 1, { operation, status: parts.status });
  }
}
