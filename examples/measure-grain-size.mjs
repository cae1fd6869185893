// Question: what is the ASTM grain size of this micrograph, and how sure can one be from five fields?
// Run: node examples/measure-grain-size.mjs

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@materiome/core";
import { digitizeImage, poolFields, readMicrograph, writeMicrographPng } from "@materiome/microstructure";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";

// Five pictures of one specimen. Yours come from a microscope; these are rendered, so the truth is known.
const folder = await mkdtemp(join(tmpdir(), "materiome-example-"));
const random = createRandom(1);
const fields = [];
for (let i = 1; i <= 5; i++) {
  const truth = voronoiGrains({ width: 400, height: 300, nGrains: 250 }, random.fork("grains").fork(i));
  const file = join(folder, `field-${i}.png`);
  await writeMicrographPng(file, renderMicrograph(truth, {}, random.fork("camera").fork(i)));

  const micrograph = await readMicrograph(file, { pixelSizeUm: 0.5 });
  const { measurement } = digitizeImage(micrograph);
  if (measurement.pixelSizeUm === null) throw new Error("a calibrated field gives micrometres");
  console.log(
    `field ${i}: ${measurement.nGrains} grains (true: 250), mean intercept ${measurement.meanInterceptUm.toFixed(2)} µm`,
  );
  fields.push({ specimen: "A-17", measurement });
}
await rm(folder, { recursive: true });

for (const { specimen, nFields, G, meetsStandard, reasons } of poolFields(fields)) {
  console.log(`specimen ${specimen}, ${nFields} fields: G = ${G.intercept?.toFixed(2)}`);
  console.log(`95 % interval ${G.ciLow?.toFixed(2)} … ${G.ciHigh?.toFixed(2)}`);
  console.log(meetsStandard ? "meets ASTM E112" : `does not meet ASTM E112: ${reasons.join("; ")}`);
}
