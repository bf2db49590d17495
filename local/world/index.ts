export { PartDiedError, PartStartError } from "./part-errors.ts";
export { startWorld, type World, type WorldOptions } from "./world.ts";
