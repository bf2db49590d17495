import type { ImageService } from "../ports.ts";
import type { Telemetry } from "./telemetry.ts";
import { traceCall } from "./trace-call.ts";

/** The image service, each of its calls a span. */
export function traceImageService(images: ImageService, telemetry: Telemetry): ImageService {
  return {
    find: (request) => traceCall(telemetry, "images.get", "GET", () => images.find(request)),
    create: (request) => traceCall(telemetry, "images.create", "PUT", () => images.create(request)),
    poll: (target, operationUrl) =>
      traceCall(telemetry, "operations.get", "GET", () => images.poll(target, operationUrl)),
  };
}
