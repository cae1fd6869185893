// Question: how hard will a new heat be after tempering, and does the model know such heats?
// Run: node examples/predict-hardness.mjs

import { createRandom, readTable } from "@materiome/core";
import { trainPropertyModel } from "@materiome/forward";

// Twenty heats, three tempering temperatures each; hardness falls with tempering and rises with carbon.
const random = createRandom(4);
const rows = ["heat,C (wt%),Cr (wt%),Tempering temperature (°C),Hardness (HV)"];
for (let heat = 1; heat <= 20; heat++) {
  const carbon = 0.25 + 0.3 * random.next();
  const chromium = 0.2 + random.next();
  const ofHeat = 6 * random.normal(); // what the table does not say about a heat
  for (const temper of [500, 575, 650]) {
    const hardness = 180 + 420 * carbon + 40 * chromium - 0.55 * (temper - 500) + ofHeat + 4 * random.normal();
    rows.push(`H${heat},${carbon.toFixed(3)},${chromium.toFixed(2)},${temper},${hardness.toFixed(0)}`);
  }
}
const table = readTable(rows.join("\n"), { file: "tempering.csv" });

const { model, metrics } = await trainPropertyModel(
  table,
  { targets: ["Hardness"], model: "ridge", folds: 5 },
  { random: createRandom(1) },
);
const [score] = metrics.targets;
const [loose] = metrics.optimistic?.targets ?? [];
console.log(`${metrics.splitter.nGroups} heats; error for a new heat ${score?.mae.toFixed(1)} HV`);
console.log(
  `random folds would have claimed ${loose?.mae.toFixed(1)} HV; always guessing the mean gives ${score?.meanBaselineMae.toFixed(1)} HV`,
);

const asked = readTable("C (wt%),Cr (wt%),Tempering temperature (K)\n0.40,0.8,848.15\n0.40,9.5,848.15\n");
const { mean, lower, upper, domain } = await model.predict(asked);
for (let i = 0; i < asked.nRows; i++) {
  const interval = `${lower?.data[i]?.toFixed(0)} … ${upper?.data[i]?.toFixed(0)}`;
  console.log(`row ${i + 1}: ${mean.data[i]?.toFixed(0)} HV (${interval}) ${domain?.reason(i) ?? "known territory"}`);
}
