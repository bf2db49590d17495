import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemoryLogRecordExporter } from "@opentelemetry/sdk-logs";
import { AggregationTemporality, InMemoryMetricExporter } from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOpenTelemetry } from "../../../../shared/opentelemetry/open-telemetry.ts";
import { createProviders } from "../../../../shared/opentelemetry/providers.ts";
import { METRICS } from "../../../../shared/telemetry/metrics.ts";

const contexts = new AsyncLocalStorageContextManager();
beforeAll(() => context.setGlobalContextManager(contexts.enable()));
afterAll(() => context.disable());

const REMOTE = `00-${"a".repeat(32)}-${"b".repeat(16)}-00`;

/** The telemetry on exporters that keep what they get; `end` sends the rest and returns all of it. */
function startInMemory() {
  const spans = keepAfterShutdown(new InMemorySpanExporter());
  const metrics = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const providers = createProviders(
    { spans, metrics, logs: new InMemoryLogRecordExporter() },
    { name: "app", instance: "one" },
  );
  const telemetry = createOpenTelemetry(providers.tracer, providers.meter);
  const end = async () => {
    await providers.shutdown();
    return { spans: spans.getFinishedSpans(), metrics: metrics.getMetrics() };
  };
  return { telemetry, end };
}

/** The SDK's exporter forgets everything when it is shut down. */
function keepAfterShutdown(exporter: InMemorySpanExporter): InMemorySpanExporter {
  exporter.shutdown = async () => {};
  return exporter;
}

describe("a span", () => {
  it("is below the active one, with what is known of it", async () => {
    const { telemetry, end } = startInMemory();
    await telemetry.span("outer", {}, () =>
      telemetry.span("inner", { kind: "client", attributes: { a: 1, b: null } }, async () => {
        telemetry.annotate({ c: "x", d: null });
      }),
    );
    const [inner, outer] = (await end()).spans;
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(inner).toMatchObject({ name: "inner", kind: SpanKind.CLIENT });
    expect(inner?.attributes).toEqual({ a: 1, c: "x" });
    expect(inner?.status.code).toBe(SpanStatusCode.UNSET);
    expect(outer).toMatchObject({ name: "outer", kind: SpanKind.INTERNAL, links: [] });
    expect(outer?.resource.attributes).toEqual({
      "service.name": "app",
      "service.instance.id": "one",
    });
  });

  it("is below a span of another process when that is its parent, though that was not sampled", async () => {
    const { telemetry, end } = startInMemory();
    const seen = await telemetry.span("invocation", {}, () =>
      telemetry.span("step", { parent: REMOTE }, async () => telemetry.traceparent()),
    );
    const [step, invocation] = (await end()).spans;
    expect(step?.parentSpanContext).toMatchObject({
      traceId: "a".repeat(32),
      spanId: "b".repeat(16),
    });
    expect(step?.links.map((link) => link.context)).toEqual([invocation?.spanContext()]);
    expect(seen).toBe(`00-${"a".repeat(32)}-${step?.spanContext().spanId}-01`);
  });

  it("begins a trace of its own when it is to have no parent", async () => {
    const { telemetry, end } = startInMemory();
    await telemetry.span("invocation", {}, () =>
      telemetry.span("ingest", { parent: null }, async () => {}),
    );
    const [own, invocation] = (await end()).spans;
    expect(own?.parentSpanContext).toBeUndefined();
    expect(own?.spanContext().traceId).not.toBe(invocation?.spanContext().traceId);
    expect(own?.links.map((link) => link.context)).toEqual([invocation?.spanContext()]);
  });

  it("is below the active one when its parent cannot be read", async () => {
    const { telemetry, end } = startInMemory();
    await telemetry.span("outer", {}, () =>
      telemetry.span("inner", { parent: "00-nonsense" }, async () => {}),
    );
    const [inner, outer] = (await end()).spans;
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });

  it("has failed when its work throws, and passes that on", async () => {
    const { telemetry, end } = startInMemory();
    const error = new RangeError("cannot read https://a/b?sv=1&sig=SECRET");
    await expect(telemetry.span("work", {}, () => Promise.reject(error))).rejects.toBe(error);
    const [span] = (await end()).spans;
    expect(span?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: "RangeError: cannot read https://a/b?sv=REDACTED&sig=REDACTED",
    });
    expect(span?.events).toEqual([]);
  });

  it("has failed when it was marked as failed", async () => {
    const { telemetry, end } = startInMemory();
    await telemetry.span("work", {}, async () => telemetry.fail("ImageExists"));
    const [span] = (await end()).spans;
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: "ImageExists" });
  });

  it("carries no secret", async () => {
    const { telemetry, end } = startInMemory();
    const attributes = { "vhd_to_image.source": "b.vhd?sig=SECRET1" };
    await telemetry.span("work", { attributes }, async () =>
      telemetry.annotate({ "vhd_to_image.blob": "b.vhd?sig=SECRET2" }),
    );
    expect((await end()).spans[0]?.attributes).toEqual({
      "vhd_to_image.source": "b.vhd?sig=REDACTED",
      "vhd_to_image.blob": "b.vhd?sig=REDACTED",
    });
  });
});

describe("outside of any span", () => {
  it("there is no traceparent, and what is said goes nowhere", async () => {
    const { telemetry, end } = startInMemory();
    telemetry.annotate({ a: 1 });
    telemetry.fail("no");
    expect(telemetry.traceparent()).toBeNull();
    expect((await end()).spans).toEqual([]);
  });

  it("the traceparent is the host's inside of an invocation", () => {
    const { telemetry } = startInMemory();
    const host = { traceId: "c".repeat(32), spanId: "d".repeat(16), traceFlags: 1 };
    const seen = context.with(trace.setSpanContext(context.active(), host), () =>
      telemetry.traceparent(),
    );
    expect(seen).toBe(`00-${"c".repeat(32)}-${"d".repeat(16)}-01`);
  });
});

describe("the metrics", () => {
  it("arrive under their names, with units, labels and sums", async () => {
    const { telemetry, end } = startInMemory();
    telemetry.measure("vhd_to_image.bytes_read", 512, { kind: "disk" });
    telemetry.measure("vhd_to_image.bytes_read", 100, { kind: "disk" });
    telemetry.measure("vhd_to_image.bytes_read", 7, { kind: "manifest" });
    telemetry.measure("vhd_to_image.state.duration", 90, { state: "waiting" });
    const [scope] = (await end()).metrics.flatMap(({ scopeMetrics }) => scopeMetrics);
    const told = (scope?.metrics ?? []).map(({ descriptor, dataPoints }) => ({
      name: descriptor.name,
      unit: descriptor.unit,
      points: dataPoints.map(({ attributes, value }) => [
        attributes,
        typeof value === "number" ? value : value.sum,
      ]),
    }));
    expect(told).toEqual([
      {
        name: "vhd_to_image.state.duration",
        unit: "s",
        points: [[{ state: "waiting" }, 90]],
      },
      {
        name: "vhd_to_image.bytes_read",
        unit: "By",
        points: [
          [{ kind: "disk" }, 612],
          [{ kind: "manifest" }, 7],
        ],
      },
    ]);
  });

  it("each say what they count", () => {
    for (const [name, { description }] of Object.entries(METRICS)) {
      expect(name).toMatch(/^vhd_to_image\.[a-z_.]+$/);
      expect(description).not.toBe("");
    }
  });
});
