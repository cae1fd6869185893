import { expect, it } from "vitest";
import { runReadmeExample } from "../../../tools/testing/runReadmeExample.ts";

it("the example of the README runs as it stands", () => {
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), new URL(".", import.meta.url));
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^\d+ MPa mean error on heats held out, R² 0\.9\d\n\d+ MPa, 90 % between \d+ and \d+\ninside/);
});
