import { DAMAGED_RECIPES } from "./recipes/damaged.ts";
import { DATA_RECIPES } from "./recipes/data.ts";
import { FIRMWARE_RECIPES } from "./recipes/firmware.ts";
import { LINUX_RECIPES } from "./recipes/linux.ts";
import { NESTED_RECIPES } from "./recipes/nested.ts";
import type { DiskRecipe } from "./recipes/recipe.ts";
import { VOLUME_RECIPES } from "./recipes/volumes.ts";
import { WINDOWS_RECIPES } from "./recipes/windows.ts";
import { WRONG_FORMAT_RECIPES } from "./recipes/wrong-formats.ts";

/** Every disk of which a fixture is kept. */
export const DISK_RECIPES: readonly DiskRecipe[] = [
  ...LINUX_RECIPES,
  ...WINDOWS_RECIPES,
  ...DATA_RECIPES,
  ...DAMAGED_RECIPES,
  ...WRONG_FORMAT_RECIPES,
  ...FIRMWARE_RECIPES,
  ...NESTED_RECIPES,
  ...VOLUME_RECIPES,
];
