import { expect, it } from "vitest";
import { runReadmeExample } from "../../tools/testing/runReadmeExample.ts";

it("the example on the front page runs as it stands", () => {
  const { stdout, stderr } = runReadmeExample(
    new URL("../../README.md", import.meta.url),
    new URL(".", import.meta.url),
  );
  expect(stderr).toBe("");
  // The table is exactly linear: 180 + 420·0.42 − 0.55·(580 − 500) = 312.4 HV.
  expect(stdout).toMatch(/^0\.\d HV error on heats held out\n31[123] HV\n$/);
});
