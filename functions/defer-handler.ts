import { lazily } from "../shared/lazily.ts";

/** What every file of a function exports: it makes the handler from what the handler works with. */
export interface HandlerModule<Context, Input extends unknown[], Result> {
  readonly makeHandler: (context: Context) => (...input: Input) => Result | Promise<Result>;
}

/**
 * A handler that comes into being when its function first runs: its module is loaded, and what it
 * works with. Until then registering it costs nothing.
 */
export function deferHandler<Context, Input extends unknown[], Result>(
  loadModule: () => Promise<HandlerModule<Context, Input, Result>>,
  loadContext: () => Promise<Context>,
): (...input: Input) => Promise<Result> {
  const load = lazily(async () => {
    const [{ makeHandler }, context] = await Promise.all([loadModule(), loadContext()]);
    return makeHandler(context);
  });
  return async (...input) => {
    const handle = await load();
    return await handle(...input);
  };
}
