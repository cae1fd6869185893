import { expect, it } from "vitest";
import { runReadmeExample } from "../../../tools/testing/runReadmeExample.ts";

it("the simulation example of the README runs and finds the true size", () => {
  const readme = new URL("../README.md", import.meta.url);
  const { stdout, stderr } = runReadmeExample(readme, new URL(".", import.meta.url), 1);
  expect(stderr).toBe("");
  const [, nGrains, truth, found] = /^(\d+) grains, true ([\d.]+) µm, found ([\d.]+) µm\n$/.exec(stdout) ?? [];
  expect(Number(nGrains)).toBeGreaterThanOrEqual(200);
  expect(Math.abs(Number(found) / Number(truth) - 1)).toBeLessThan(0.05);
});
