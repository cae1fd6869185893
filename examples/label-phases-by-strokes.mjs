// Question: two constituents have the same grey and differ only in texture; how much of each is there, from a few pen strokes?
// Run: node examples/label-phases-by-strokes.mjs

import { createRandom, createRaster } from "@materiome/core";
import { createRandomForestClassifier, reader } from "@materiome/forward";
import {
  classifyPixels,
  labelPixels,
  readPixelClassifier,
  suggestLabels,
  trainPixelClassifier,
  uncertaintyMap,
} from "@materiome/microstructure/pixels";
import { voronoiGrains } from "@materiome/microstructure/synthesis";

// A rendered field, so that the truth is known: every third colony is lamellar, the others are smooth; all are grey 0.5.
const [width, height] = [160, 120];
const random = createRandom(5);
const colonies = voronoiGrains({ width, height, nGrains: 24 }, random.fork("colonies"));
const camera = random.fork("camera");
const truth = colonies.data.map((k) => (k % 3 === 0 ? 2 : 1));
const image = createRaster(
  Float32Array.from(truth, (label, i) => {
    const lamella = label === 2 ? 0.12 * Math.sin(1.6 * (i % width) + colonies.data[i]) : 0;
    return 0.5 + lamella + 0.04 * camera.normal();
  }),
  width,
  height,
);

// Three pen strokes across the field, each pixel labelled by what lies under it: 1 smooth, 2 lamellar, 0 not labelled.
const strokes = createRaster(
  truth.map((label, i) => ([25, 60, 95].includes(Math.floor(i / width)) ? label : 0)),
  width,
  height,
);

const { classifier } = await trainPixelClassifier(
  [{ image, labels: strokes }],
  createRandomForestClassifier({ nTrees: 30, minSamplesLeaf: 2 }),
  { classes: ["smooth", "lamellar"], priorExponent: 0, features: { scalesPx: [1, 2, 4], surroundingsPx: [8] } },
  { random: random.fork("forest"), threads: 1 },
);

// A model file is JSON; what is read back predicts the same.
const model = await readPixelClassifier(JSON.parse(JSON.stringify(classifier)), reader);
const probabilities = await classifyPixels(image, model, { threads: 1 });
const labels = labelPixels(probabilities, { smoothingPx: 1.5 });
const share = (data) => (100 * data.filter((label) => label === 2).length) / data.length;
const right = labels.data.filter((label, i) => label === truth[i]).length / truth.length;
console.log(`lamellar: ${share(labels.data).toFixed(1)} % (true: ${share(truth).toFixed(1)} %)`);
console.log(
  `${(100 * right).toFixed(1)} % of the pixels are right, ${share(strokes.data.map((v) => (v > 0 ? 2 : 0))).toFixed(1)} % were labelled`,
);
const [spot] = suggestLabels(uncertaintyMap(probabilities), { nSpots: 1 });
console.log(`label next around (${spot.x}, ${spot.y}): uncertainty ${spot.uncertainty.toFixed(2)}`);
