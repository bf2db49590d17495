import {
  type Context,
  context,
  defaultTextMapSetter,
  type Link,
  type Meter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { parseTraceParent, W3CTraceContextPropagator } from "@opentelemetry/core";
import { redact } from "../redact.ts";
import type { Attributes, Telemetry } from "../telemetry/telemetry.ts";
import { createInstruments } from "./instruments.ts";

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;
const MAX_ERROR_CHARACTERS = 300;

/** The app's telemetry as spans and metrics of OpenTelemetry; every text is redacted. */
export function createOpenTelemetry(tracer: Tracer, meter: Meter): Telemetry {
  const instruments = createInstruments(meter);
  return {
    span(name, { kind = "internal", parent, attributes = {} }, work) {
      const place = findPlace(parent, context.active());
      const options = {
        kind: KINDS[kind],
        attributes: toAttributes(attributes),
        links: place.links,
      };
      return tracer.startActiveSpan(name, options, place.context, async (span) => {
        try {
          return await work();
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: explain(error) });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    annotate(attributes) {
      trace.getActiveSpan()?.setAttributes(toAttributes(attributes));
    },
    fail(code) {
      trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR, message: code });
    },
    traceparent: () => formatTraceparent(context.active()),
    measure(metric, value, labels) {
      instruments.get(metric)?.(value, labels);
    },
  };
}

interface Place {
  readonly context: Context;
  readonly links: Link[];
}

/** Where a span begins: below the active one, or elsewhere with a link to it. */
function findPlace(parent: string | null | undefined, active: Context): Place {
  const remote = typeof parent === "string" ? parseTraceParent(parent) : null;
  const isBelowActive = parent === undefined || (parent !== null && remote === null);
  if (isBelowActive) return { context: active, links: [] };
  const linked = trace.getSpanContext(active);
  return {
    context: remote === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote),
    links: linked === undefined ? [] : [{ context: linked }],
  };
}

const propagator = new W3CTraceContextPropagator();

function formatTraceparent(active: Context): string | null {
  const carrier: { traceparent?: string } = {};
  propagator.inject(active, carrier, defaultTextMapSetter);
  return carrier.traceparent ?? null;
}

function toAttributes(attributes: Attributes): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) =>
      value === null ? [] : [[key, typeof value === "string" ? redact(value) : value]],
    ),
  );
}

function explain(error: unknown): string {
  return redact(String(error)).slice(0, MAX_ERROR_CHARACTERS);
}
