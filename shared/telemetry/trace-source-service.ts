import type { SourceService } from "../ports.ts";
import type { Telemetry } from "./telemetry.ts";
import { traceCall } from "./trace-call.ts";

/** The resources that images are made from, each look at one a span. */
export function traceSourceService(sources: SourceService, telemetry: Telemetry): SourceService {
  return {
    read: (source) => traceCall(telemetry, "sources.read", "GET", () => sources.read(source)),
  };
}
