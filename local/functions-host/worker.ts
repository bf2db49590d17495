import { randomBytes } from "node:crypto";
import type { CoreModule } from "./core-module.ts";
import type {
  CoreInvocationContext,
  InvocationResponse,
  LogCategory,
  LogLevel,
} from "./core-types.ts";
import type { HostFunction, TriggerData } from "./functions.ts";
import type { HostLog } from "./log.ts";

/**
 * The worker's side of one invocation: arguments, hooks, handler, hooks, response. Returns what the
 * programming model answers; throws what the handler or a hook threw.
 */
export async function callWorker(
  core: CoreModule,
  log: HostLog,
  target: HostFunction,
  data: TriggerData,
  invocationId: string,
): Promise<InvocationResponse> {
  const scope: HookScope = { hookData: {}, appHookData: core.hooks.appHookData };
  const coreContext = createCoreContext(core, log, target, data, invocationId, scope);
  const model = core.model().getInvocationModel(coreContext);
  const { context, inputs } = await model.getArguments();
  scope.invocationContext = context;

  coreContext.state = "preInvocationHooks";
  const before = { ...scope, inputs, functionCallback: target.registered.callback };
  await core.hooks.run("preInvocation", before);

  coreContext.state = "invocation";
  const after: Record<string, unknown> = { ...scope, inputs: before.inputs };
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error;
  }

  coreContext.state = "postInvocationHooks";
  await core.hooks.run("postInvocation", after);
  // The worker looks at the value, not at whether something was thrown: `throw undefined` succeeds.
  if (after.error !== undefined && after.error !== null) throw after.error;
  return model.getResponse(context, after.result);
}

/** What the hooks of one invocation share. */
interface HookScope {
  readonly hookData: Record<string, unknown>;
  readonly appHookData: Record<string, unknown>;
  invocationContext?: unknown;
}

function createCoreContext(
  core: CoreModule,
  log: HostLog,
  target: HostFunction,
  data: TriggerData,
  invocationId: string,
  scope: HookScope,
): CoreInvocationContext {
  const { metadata } = target.registered;
  const write = (level: LogLevel, category: LogCategory, message: string): void => {
    const entry = { ...scope, level, message, category };
    core.hooks.runNow("log", entry);
    const suffix = category === "user" ? ".User" : "";
    const text = `${entry.message} (Id=${invocationId})`;
    log(entry.level, `Function.${target.name}${suffix}`, text);
  };
  return {
    invocationId,
    metadata,
    log: write,
    request: {
      invocationId,
      functionId: metadata.functionId ?? metadata.name,
      inputData: [{ name: target.triggerName, data: data.input }],
      triggerMetadata: data.metadata,
      traceContext: { traceParent: createTraceParent(), traceState: "" },
    },
  };
}

/** Returns a W3C trace parent of a new, unsampled trace. */
function createTraceParent(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-00`;
}
