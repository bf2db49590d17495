import { lazily } from "../shared/lazily.ts";

/**
 * A handler that comes into being when its function first runs: its module is loaded, and what it
 * works with. Until then registering it costs nothing. `makerIn` names the maker in the module.
 */
export function deferHandler<Module, Context, Input extends unknown[], Result>(
  loadModule: () => Promise<Module>,
  loadContext: () => Promise<Context>,
  makerIn: (module: Module) => (context: Context) => (...input: Input) => Result | Promise<Result>,
): (...input: Input) => Promise<Result> {
  const load = lazily(async () => {
    const [module, context] = await Promise.all([loadModule(), loadContext()]);
    return makerIn(module)(context);
  });
  return async (...input) => {
    const handle = await load();
    return await handle(...input);
  };
}
