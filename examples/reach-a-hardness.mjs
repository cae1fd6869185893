// Question: which tempering gives 320 ± 15 HV with the heat on the floor, and is 500 HV possible at all?
// Run: node examples/reach-a-hardness.mjs

import { createRandom, readTable } from "@materiome/core";
import { trainPropertyModel } from "@materiome/forward";
import { describeSpec, invert, parseSpec, spaceFromTable } from "@materiome/inverse";

const random = createRandom(8);
const rows = ["C (wt%),Tempering temperature (°C),Tempering time (min),Hardness (HV)"];
for (let i = 0; i < 60; i++) {
  const carbon = 0.3 + 0.2 * random.next();
  const temper = 480 + 10 * random.int(20);
  const time = 30 + 15 * random.int(11);
  // Hollomon–Jaffe: temperature and time act through one variable, T·(20 + log t).
  const parameter = ((temper + 273.15) * (20 + Math.log10(time / 60))) / 1000;
  const hardness = 900 + 300 * carbon - 42 * parameter + 5 * random.normal();
  rows.push(`${carbon.toFixed(3)},${temper},${time},${hardness.toFixed(0)}`);
}
const table = readTable(rows.join("\n"), { file: "tempering.csv" });
const { model } = await trainPropertyModel(
  table,
  { targets: ["Hardness"], model: "ridge-degree-2", folds: 5 },
  { random: createRandom(1) },
);

const space = spaceFromTable(model.training, { inputs: model.inputs, fix: { C: "0.4 wt%" } });
for (const text of ["Hardness=320±15 HV", "Hardness>=500 HV"]) {
  const spec = parseSpec(text, model.targets);
  const { candidates, refused } = await invert(model, { specs: [spec], space, n: 3, random: createRandom(1) });
  console.log(`wanted: ${describeSpec(spec)}`);
  for (const { settings, predicted, probability } of candidates) {
    const how = settings.map(({ name, value, unit }) => `${name} ${value} ${unit}`).join(", ");
    console.log(`  ${how}: ${predicted.mean.toFixed(0)} HV, probability ${probability.toFixed(2)}`);
  }
  if (refused !== undefined) console.log(`  refused; ${refused.limiting.text}`);
}
