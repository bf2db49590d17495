import { AzureFunctionsInstrumentationESM } from "@azure/functions-opentelemetry-instrumentation";
import { context, propagation } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import type { LoggerProvider } from "@opentelemetry/sdk-logs";

/** The Functions library, as the instrumentation takes it. */
export type FunctionsLibrary = Parameters<AzureFunctionsInstrumentationESM["registerAzFunc"]>[0];

/**
 * Makes every invocation run in the host's trace, and its log lines go to `logs` with the span that
 * wrote them. The library is handed over: inside a bundle no hook on `require` would find it. Its
 * set-up is closed by the time this is called, so the capability that the instrumentation wants to
 * announce has to have been announced at start.
 */
export function instrumentFunctions(library: FunctionsLibrary, logs: LoggerProvider): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const instrumentation = new AzureFunctionsInstrumentationESM({ enabled: false });
  instrumentation.setLoggerProvider(logs);
  instrumentation.registerAzFunc({ ...library, app: { ...library.app, setup: () => {} } });
}
