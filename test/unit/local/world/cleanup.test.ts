import { expect, test } from "vitest";
import { createCleanup } from "../../../../local/world/cleanup.ts";

test("runs the steps in reverse order, once", async () => {
  const steps: number[] = [];
  const cleanup = createCleanup(() => {});
  cleanup.add(() => void steps.push(1));
  cleanup.add(() => void steps.push(2));
  await Promise.all([cleanup.run(), cleanup.run()]);
  await cleanup.run();
  expect(steps).toEqual([2, 1]);
});

test("a step that throws does not keep the others from running", async () => {
  const errors: unknown[] = [];
  const steps: number[] = [];
  const cleanup = createCleanup((error) => errors.push(error));
  cleanup.add(() => void steps.push(1));
  cleanup.add(() => Promise.reject(new Error("stuck")));
  await cleanup.run();
  expect(steps).toEqual([1]);
  expect(errors).toEqual([new Error("stuck")]);
});

test("a step that is added after the run is carried out too", async () => {
  const steps: string[] = [];
  const cleanup = createCleanup(() => {});
  await cleanup.run();
  cleanup.add(() => void steps.push("late"));
  await cleanup.run();
  expect(steps).toEqual(["late"]);
  expect(cleanup.begun).toBe(true);
});
