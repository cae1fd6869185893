import { createRaster } from "@materiome/core";
import { expect, it } from "vitest";
import { segmentReport } from "../../src/report/segmentReport.ts";

it("shows eight of more images held out and counts the others, with pictures of regions too", async () => {
  const labels = createRaster(
    Uint32Array.from({ length: 64 }, (_, i) => (i < 32 ? 1 : 2)),
    8,
    8,
  );
  const grey = createRaster(new Float32Array(64).fill(0.5), 8, 8);
  const regions = { predicted: labels, truth: labels, classical: { reason: "nothing to see" } };
  const held = Array.from({ length: 10 }, (_, k) => ({
    ...{ file: `field-${k}.png`, role: "fold" as const, grey, predicted: labels, truth: labels, regions },
  }));
  const training = {
    ...{ model: "m.json", learner: "forest", nImages: 10, classes: [], heldOutMicroIou: 1, heldOut: [], warnings: [] },
  };
  const page = await segmentReport(training, held, ["grain", "boundary"]);
  expect(page).toContain("forest, 10 labelled images, grain, boundary");
  expect(await segmentReport({ ...training, synthetic: true }, [], ["grain"])).toContain(
    "forest, 10 drawn pictures, grain",
  );
  expect(page).toContain("field-7.png: found");
  expect(page).not.toContain("field-8.png: found");
  expect(page).toContain("2 further images are not shown.");
});
