import { expect, it } from "vitest";
import { runReadmeExample } from "../../../tools/testing/runReadmeExample.ts";

it("the example of the README prints what it says", () => {
  const { stdout, stderr } = runReadmeExample(new URL("../README.md", import.meta.url), new URL(".", import.meta.url));
  expect(stderr).toBe("");
  const lines = stdout.trimEnd().split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "C composition wt%",
    "Mn composition wt%",
    "Temper process degC",
    "Yield strength property MPa",
  ]);
  expect(lines[4]).toMatch(/2 heats in 3 rows/);
  expect(lines.slice(5).join(" ")).toMatch(/Float64Array\(3\) \[ 0\.4, 0\.(7|6999+\d), (600|599\.9+\d*|600\.0+\d*) \]/);
});
