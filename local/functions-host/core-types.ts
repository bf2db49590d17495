/**
 * The part of the worker's `@azure/functions-core` contract that `@azure/functions` 4.x relies on.
 * The module exists only inside Microsoft's worker; its published type declarations are at
 * https://github.com/Azure/azure-functions-nodejs-worker/blob/v3.x/types-core/index.d.ts.
 */

export type LogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical";
export type LogCategory = "user" | "system" | "customMetric";

/** A value that carries `null`-ness through protobuf. */
export interface Nullable<T> {
  readonly value?: T;
}

/** A cookie of an HTTP answer. */
export interface RpcCookie {
  readonly name?: string;
  readonly value?: string;
  readonly domain?: Nullable<string>;
  readonly path?: Nullable<string>;
  readonly expires?: Nullable<{ readonly seconds?: number }>;
  readonly secure?: Nullable<boolean>;
  readonly httpOnly?: Nullable<boolean>;
  readonly sameSite?: "none" | "lax" | "strict" | "explicitNone";
  readonly maxAge?: Nullable<number>;
}

/** An HTTP request or answer as it crosses between host and worker. */
export interface RpcHttp {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: Readonly<Record<string, Nullable<string>>>;
  readonly nullableParams?: Readonly<Record<string, Nullable<string>>>;
  readonly nullableQuery?: Readonly<Record<string, Nullable<string>>>;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly RpcCookie[];
  readonly body?: TypedData | null;
}

/** A reference to a resource that the worker opens itself ("deferred binding"). */
export interface ModelBindingData {
  readonly version: string;
  readonly source: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** One value on the wire: exactly one of the members is set. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: RpcHttp;
  readonly modelBindingData?: ModelBindingData;
}

/** A trigger, input or output of a function, as registered. */
export interface Binding {
  readonly type: string;
  readonly direction: "in" | "out" | "inout";
  readonly properties?: Readonly<Record<string, string>>;
  readonly [option: string]: unknown;
}

/** What `registerFunction` receives about a function. */
export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly functionId?: string;
  readonly retryOptions?: unknown;
}

export type FunctionCallback = (...args: unknown[]) => unknown;
export type HookCallback = (context: Record<string, unknown>) => unknown;

/** One invocation as the host asks for it. */
export interface InvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  readonly traceContext?: { readonly traceParent: string; readonly traceState: string };
}

/** What the programming model answers after a successful invocation. */
export interface InvocationResponse {
  readonly invocationId?: string;
  readonly outputData?: readonly { readonly name?: string; readonly data?: TypedData }[];
  readonly returnValue?: TypedData | null;
}

export type InvocationState = "preInvocationHooks" | "invocation" | "postInvocationHooks";

/** What the worker hands to the programming model for one invocation; `state` moves with it. */
export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  readonly log: (level: LogLevel, category: LogCategory, message: string) => void;
  state?: InvocationState;
}

/** The programming model's handling of one invocation. */
export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

/** The programming model that `@azure/functions` registers. */
export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities(workerCapabilities: Record<string, string>): Promise<Record<string, string>>;
}
