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

it("the example of a mosaic runs and counts the grains", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "digitizeMosaic(");
  expect(stderr).toBe("");
  const [, nGrains] = /^(\d+) grains, steel\.labels\.tif\n$/.exec(stdout) ?? [];
  expect(Math.abs(Number(nGrains) - 120)).toBeLessThan(8);
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

it("the example of local fields runs: the conductivity lies between the bounds", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "effectiveConductivity(");
  expect(stderr).toBe("");
  const [, k, lower, upper, peak] =
    /^k = ([\d.]+), between ([\d.]+) and ([\d.]+)\nlargest von Mises stress ([\d.]+) MPa\n$/.exec(stdout) ?? [];
  expect(Number(k)).toBeGreaterThanOrEqual(Number(lower));
  expect(Number(k)).toBeLessThan(Number(upper));
  expect(Number(peak)).toBeGreaterThan(5);
});

it("the example of the E112 pattern runs, and the mosaic has the G of its grain count", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "e112Pattern(");
  expect(stderr).toBe("");
  const [, G, n, ala] = /^G ([\d.]+) from (\d+) intersections, ALA ([\d.]+)\n$/.exec(stdout) ?? [];
  // 300 grains on 0.04 mm².
  expect(Math.abs(Number(G) - (3.321928 * Math.log10(7500) - 2.954))).toBeLessThan(0.4);
  expect(Number(n)).toBeGreaterThan(100);
  expect(Number(ala)).toBeLessThan(Number(G));
});

it("the step by step example of the README parts two discs", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "markerWatershed(");
  expect(stderr).toBe("");
  const areas = Array.from(stdout.matchAll(/^particle at x = \d+: (\d+) px²$/gm), ([, area]) => Number(area));
  // The union of the discs, shared evenly: 2 π r² less the lens 2 r² acos(d / 2r) − (d / 2) √(4r² − d²).
  const lens = 2 * 400 * Math.acos(32 / 40) - 16 * Math.sqrt(1600 - 1024);
  expect(areas).toHaveLength(2);
  for (const area of areas) expect(Math.abs(area / (Math.PI * 400 - lens / 2) - 1)).toBeLessThan(0.03);
});

it("the example of pixel features runs", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "createFeatureBank(");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^\d+ features of 1024 pixels, halo \d+ px\n$/);
});

it("the example of training patches runs", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "patchSource(");
  expect(stderr).toBe("");
  const [, known] = /^4 × 64 × 64 × 1, (\d+) pixels with a class\n$/.exec(stdout) ?? [];
  expect(Number(known)).toBeGreaterThan(0.8 * 4 * 64 * 64);
});

it("the example of the README that chooses a pipeline runs", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "segmentMicrograph({ grey })");
  expect(stderr).toBe("");
  const [, nRegions] = /^contrast grains (\d+)\n$/.exec(stdout) ?? [];
  expect(Math.abs(Number(nRegions) - 60)).toBeLessThan(15);
});

it("the example of annotations runs: classes come back through LabelMe", () => {
  const { stdout, stderr } = runReadmeExample(readme, here, "rasteriseAnnotations(");
  expect(stderr).toBe("");
  expect(stdout).toBe("ferrite, carbide: 1 1 1 1 0 1 1 1 1 2 2 0\n");
});
