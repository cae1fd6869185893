import { expect, it } from "vitest";
import { runReadmeExample } from "../../../../tools/testing/runReadmeExample.ts";

it("the example of enhancement in the README runs, and takes off most of the noise", () => {
  const here = new URL("..", import.meta.url);
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", here), here, "nonLocalMeans(image)");
  expect(stderr).toBe("");
  const [, before, after] = /^noise ([\d.]+) before, ([\d.]+) after\n$/.exec(stdout) ?? [];
  expect(Number(after)).toBeLessThan(0.5 * Number(before));
});
