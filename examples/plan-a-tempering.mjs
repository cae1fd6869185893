// Question: what did the furnace really do, what tempering does it amount to, and how else could the shift reach the same?
// Run: node examples/plan-a-tempering.mjs

import { createRandom, readTable } from "@materiome/core";
import {
  createSchedule,
  EMISSION_FACTORS,
  estimateEnergy,
  hollomonJaffe,
  hollomonJaffeOf,
  readFurnaceLog,
  scheduleFromProfile,
  scheduleVariables,
  segmentProfile,
  thermalProfile,
  withVariables,
} from "@materiome/core/process";

// A log as a furnace writes it: 20 → 620 °C at 5 K/min, two hours, furnace cooling; two thermocouples, noise, one spike.
const random = createRandom(4);
const course = (minute) => (minute < 120 ? 20 + 5 * minute : minute < 240 ? 620 : 620 - 4 * (minute - 240));
const rows = ["time (min),TC top (°C),TC bottom (°C)"];
for (let minute = 0; minute <= 360; minute++) {
  const top = minute === 77 ? 1370 : course(minute) + 1.5 * random.normal();
  rows.push(`${minute},${top.toFixed(1)},${(course(minute) - 6 + 1.5 * random.normal()).toFixed(1)}`);
}
const log = readFurnaceLog(readTable(rows.join("\n"), { file: "furnace.csv" }), { time: "time" });
for (const { name, noiseK, spikeRows } of log.channels) {
  console.log(`${name}: noise ${noiseK.toFixed(1)} K, spikes in rows [${spikeRows}]`);
}

const [channel] = log.channels;
const measured = segmentProfile(channel.profile);
for (const { kind, startS, endS, endK, slopeKPerS } of measured.segments) {
  const minutes = ((endS - startS) / 60).toFixed(0);
  const rate = kind === "hold" ? "" : `, ${(60 * slopeKPerS).toFixed(1)} K/min`;
  console.log(`  ${kind} ${minutes} min to ${(endK - 273.15).toFixed(0)} °C${rate}`);
}
const schedule = scheduleFromProfile(measured);
const whole = hollomonJaffeOf(thermalProfile(schedule), { referenceK: 893.15 });
const planned = hollomonJaffe(893.15, 7200);
console.log(`Hollomon–Jaffe: ${planned.toFixed(0)} planned, ${whole.parameter.toFixed(0)} with both ramps`);
console.log(`  that is ${(whole.equivalentTimeS / 60).toFixed(0)} min at 620 °C`);

// Hotter and shorter: the holding time that gives the same parameter at 650 °C, and what it saves.
const plan = createSchedule(
  [
    { kind: "heat", temperatureC: 620, rateKPerS: 5 / 60, treatment: "temper" },
    { kind: "hold", timeS: 7200, treatment: "temper" },
    { kind: "cool", temperatureC: 140, rateKPerS: 4 / 60 },
  ],
  { startTemperatureC: 20 },
);
const shorterS = 3600 * 10 ** (planned / 923.15 - 20);
const { variables } = scheduleVariables(plan, {
  "steps[0].temperatureC": { min: 550, max: 680, step: 5 },
  "steps[1].timeS": { min: 600, max: 14400, scale: "log" },
});
console.log(`free: ${variables.map(({ name, min, max, unit }) => `${name} ${min}–${max} ${unit}`).join(", ")}`);
const hotter = withVariables(plan, { "steps[0].temperatureC": 650, "steps[1].timeS": shorterS });
const furnace = { carrier: "natural gas", heatCapacityJPerKgK: 600, efficiency: 0.4, holdingPowerW: 15e3 };
for (const [name, each] of [
  ["620 °C, 120 min", plan],
  [`650 °C, ${(shorterS / 60).toFixed(0)} min`, hotter],
]) {
  const { energyMJ, emissionsKg } = estimateEnergy(each, { massKg: 500, factors: EMISSION_FACTORS, furnace });
  console.log(`${name}: ${energyMJ.toFixed(0)} MJ, ${emissionsKg.toFixed(1)} kg CO2`);
}
