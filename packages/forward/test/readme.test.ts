import { expect, it } from "vitest";
import { runReadmeExample } from "../../../tools/testing/runReadmeExample.ts";

it("the example of the README runs as it stands", () => {
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), new URL(".", import.meta.url));
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^\d+ MPa mean error on heats held out, R² 0\.9\d\n\d+ MPa, 90 % between \d+ and \d+\ninside/);
});

it("the example of comparing learners runs as it stands", () => {
  const here = new URL(".", import.meta.url);
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), here, "compareModels(");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^bent against straight: -\d+\.\d MPa \(-[\d.]+ to -[\d.]+\)\n/);
  expect(stdout).toMatch(/\n(8[5-9]|9\d) % of new heats inside their 90 % interval\n$/);
});

it("the example of nets runs as it stands", () => {
  const here = new URL(".", import.meta.url);
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), here, "createMlpEnsemble(");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^-?[\d.]+ HV, between -?[\d.]+ and [\d.]+\n$/);
});

it("the example of nets for images runs as it stands", () => {
  const here = new URL(".", import.meta.url);
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), here, "const pictures =");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^particle: (0\.[5-9]\d|1\.00) in the middle, best of 6 epochs: [1-6]\n$/);
});

it("the example of networks in exchange runs as it stands", () => {
  const here = new URL(".", import.meta.url);
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), here, "exportUNetOnnx(");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^onnxruntime-web differs by (0|[\d.]+e-[6-9])\n\d+ bytes, matrix and particle\n$/);
});

it("the example of exporting runs as it stands", () => {
  const here = new URL(".", import.meta.url);
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), here, "exportOnnx(");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^\d{4} bytes\n$/);
});

it("the example of a law in one line runs as it stands", () => {
  const here = new URL(".", import.meta.url);
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), here, "createSymbolicLaw(");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^[\d.]+ MPa \+ [\d.]+ MPa\/wt%·Mn \+ [\d.]+ MPa·µm\^½ \/ √d\nc0 = [\d.]+ ± [\d.]+ MPa\n/);
  expect(stdout).toMatch(/\n(1[5-9]|20) of 20 resamples give the same law\n$/);
});

it("the example of fields runs as it stands: the surrogate beats the mean of each phase", () => {
  const here = new URL(".", import.meta.url);
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), here, "createFieldSurrogate(");
  expect(stderr).toBe("");
  const [, ours, means] = /^relative error ([\d.]+), of the mean of each phase ([\d.]+)\n$/.exec(stdout) ?? [];
  expect(Number(ours)).toBeLessThan(0.6 * Number(means));
}, 60_000);

it("the example of classes of images runs as it stands", () => {
  const here = new URL(".", import.meta.url);
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), here, "createImageClassifier(");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^columns: (0\.[5-9]\d|1\.00), temperature \d+\.\d\d\n$/);
}, 60_000);
