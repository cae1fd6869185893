// Question: a heat is on the floor, nothing was ever measured, a furnace run takes three specimens: which runs to make first?
// Run: node examples/plan-a-campaign.mjs

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@materiome/core";
import { createGaussianProcess } from "@materiome/forward";
import {
  askCampaign,
  createCampaign,
  parseFixed,
  parseObjective,
  parseVariable,
  progressOf,
  replicateNoise,
  stopAdvice,
  tellCampaign,
} from "@materiome/inverse";

// In place of the furnace: ageing that peaks at one Larson–Miller parameter, the harder the cooler it is done.
const noise = createRandom(2);
function age({ Temperature: temperature, Time: hours }) {
  const parameter = ((temperature + 273.15) * (20 + Math.log10(hours))) / 1000;
  const peak = 560 - 0.3 * (temperature - 420);
  return Math.round(300 + (peak - 300) * Math.exp(-(((parameter - 15.9) / 0.5) ** 2)) + 4 * noise.normal());
}

const folder = mkdtempSync(join(tmpdir(), "campaign-"));
const at = new Date().toISOString();
const objective = parseObjective("maximize Hardness (HV)");
let campaign = await createCampaign(
  join(folder, "ageing.journal"),
  {
    space: {
      variables: [
        parseVariable("Temperature (degC)=420..560 step 5"),
        parseVariable("Time (h)=0.5..20 log"), // specimens leave the furnace one after the other
      ],
      fixed: [parseFixed("Heat=A17")],
      sums: [],
    },
    objectives: [objective],
    seed: 1,
  },
  { at },
);

for (let run = 1; run <= 6; run++) {
  const asked = await askCampaign(campaign, {
    learner: createGaussianProcess(),
    batch: 3,
    sharedInBatch: ["Temperature"],
    at,
  });
  const results = asked.suggestions.map(({ id, settings }, i) =>
    run === 2 && i === 1
      ? { id, status: "failed", note: "fell into the furnace" }
      : { id, outcomes: { Hardness: age(settings) } },
  );
  ({ campaign } = await tellCampaign(asked.campaign, results, { at }));
  const { Temperature: temperature } = asked.suggestions[0].settings;
  const times = asked.suggestions.map(({ settings }) => settings.Time).join(", ");
  const best = progressOf(campaign.state, objective).at(-1)?.best;
  console.log(`run ${run}: ${temperature} °C, ${times} h; best so far ${best} HV`);
}

// The best one again: how much of a difference is scatter?
const steps = progressOf(campaign.state, objective);
const { run: top } = steps.find(({ value }) => value === steps.at(-1)?.best);
const repeats = [1, 2, 3, 4].map(() => ({ id: top.id, outcomes: { Hardness: age(top.settings) } }));
({ campaign } = await tellCampaign(campaign, repeats, { at, repeated: "replicate" }));
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
console.log(`${top.id} again: ${mean(repeats.map(({ outcomes }) => outcomes.Hardness)).toFixed(0)} HV on average`);
console.log(`noise ${replicateNoise(campaign.state, "Hardness").std.toFixed(1)} HV`);
const { expectedGain, stop } = stopAdvice(campaign.state);
console.log(`expected gain ${expectedGain.toFixed(1)} HV: ${stop ? "stop" : "go on"}`);
rmSync(folder, { recursive: true });
