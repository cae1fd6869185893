import { expect, it } from "vitest";
import { runReadmeExample } from "../../../tools/testing/runReadmeExample.ts";

const readme = new URL("../README.md", import.meta.url);
const here = new URL(".", import.meta.url);

it("the simulation example of the README runs and finds the true size", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "simulateAnneal(");
  expect(stderr).toBe("");
  const [, nGrains, truth, found] = /^(\d+) grains, true ([\d.]+) µm, found ([\d.]+) µm\n$/.exec(stdout) ?? [];
  expect(Number(nGrains)).toBeGreaterThanOrEqual(200);
  expect(Math.abs(Number(found) / Number(truth) - 1)).toBeLessThan(0.05);
});

it("the example of structure statistics runs: S₂ at zero is the area fraction", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "describeStructure(");
  expect(stderr).toBe("");
  const [, zero, fraction, columns] =
    /^S2\(0\) = ([\d.]+), area fraction ([\d.]+)\n(\d+) columns\n$/.exec(stdout) ?? [];
  expect(Number(fraction)).toBeGreaterThan(0);
  expect(zero).toBe(fraction);
  expect(Number(columns)).toBeGreaterThan(10);
});
