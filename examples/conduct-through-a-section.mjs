// Question: how well does this porous, rolled copper conduct along and across its pores, and could any structure of this porosity do better?
// Run: node examples/conduct-through-a-section.mjs

import { createRandom, createRaster } from "@materiome/core";
import { conductionBounds, conductionField, effectiveConductivity } from "@materiome/microstructure/fields";

// A section with flat pores (1) in copper (0). Yours is a label image of a micrograph, as digitizeImage gives it; this one is drawn.
const side = 96;
const draw = createRandom(3);
const phases = createRaster(new Uint8Array(side * side), side, side, { pixelSizeUm: 0.5 });
for (let n = 0; n < 28; n++) {
  const [cx, cy, half] = [draw.int(side), draw.int(side), 4 + 6 * draw.next()];
  for (let i = 0; i < side * side; i++) {
    // Distances on a section that repeats itself.
    const dx = (((i % side) - cx + 1.5 * side) % side) - side / 2;
    const dy = ((Math.floor(i / side) - cy + 1.5 * side) % side) - side / 2;
    if ((dx / half) ** 2 + (dy / (half / 3)) ** 2 < 1) phases.data[i] = 1;
  }
}

const conductivity = { 0: 390, 1: 0.03 }; // W/(m K): copper, air
const porosity = phases.data.reduce((sum, label) => sum + label, 0) / phases.data.length;
const { xx, yy } = effectiveConductivity(phases, { conductivity });
console.log(`porosity ${(100 * porosity).toFixed(1)} %`);
console.log(`along the pores ${xx.toFixed(0)} W/(m K), across ${yy.toFixed(0)}`);
const { voigt, upper } = conductionBounds([
  { fraction: 1 - porosity, conductivity: conductivity[0] },
  { fraction: porosity, conductivity: conductivity[1] },
]);
console.log(
  `any structure of this porosity: at most ${voigt.toFixed(0)} W/(m K); the same in all directions: ${upper.toFixed(0)}`,
);

// Where heat crowds between the pores: 1 K over the section across them.
const { flux, meanFlux } = conductionField(phases, { conductivity, gradient: { x: 0, y: 1 } });
let crowded = 0;
for (let i = 1; i < flux.data.length; i += 2) if (flux.data[i] / meanFlux.y > 2) crowded++;
console.log(
  `${((100 * crowded) / phases.data.length).toFixed(1)} % of the section carries more than twice the mean flux`,
);
