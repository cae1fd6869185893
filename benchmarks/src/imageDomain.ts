/**
 * Whether features of a network tell images of a class that it never saw from those that it knows: steel strip defects, one class after the other held
 * out. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/imageDomain.ts
 *
 * Options: --json, --images N of each class (default 60), --classes N (so many held out, default 3), --epochs N (default 12), --threads N (default 1),
 * --seed N (default 1). Of each known class half the images are learned from, a quarter chooses the epoch and the limit, a quarter is asked, beside all
 * images of the class held out. Exact copies are left out.
 */
import { closeWorkers, createMatrix, createRandom, type Matrix, shuffle } from "@materiome/core";
import { areaUnderRoc, fitNeighbourDomain } from "@materiome/forward";
import { createImageClassifier } from "@materiome/forward/nets";
import { imageSource } from "@materiome/microstructure/patches";
import { mean } from "./averages.ts";
import { numberOptions, report } from "./commandLine.ts";
import { provenance } from "./provenance.ts";
import { readStripDefects, type StripDefect } from "./stripDefects.ts";
import { textureFeatures } from "./textureFeatures.ts";

const {
  images: nImages = 60,
  classes: nClasses = 3,
  epochs = 12,
  threads = 1,
  seed = 1,
} = numberOptions(["images", "classes", "epochs", "threads", "seed"]);
const SIZE_PX = 64;

const data = process.env["MATERIOME_DATA"];
if (data === undefined) throw new Error("set MATERIOME_DATA");
const random = createRandom(seed);
const { defects, labels } = await readStripDefects(data, SIZE_PX);
const once = defects.filter((one, i) => defects.findIndex(({ group }) => group === one.group) === i);
const byClass = labels.map((label) => {
  const own = once.filter((one) => one.label === label);
  return Array.from(shuffle(own.length, random.fork(label)).slice(0, nImages), (i) => own[i] as StripDefect); // of them
});

interface Case {
  readonly heldOut: string;
  readonly accuracy: number;
  /** Area under the ROC curve: chance that an image of the class held out scores above one of a known class. */
  readonly auroc: Readonly<Record<string, number>>;
  /** Share called outside, at the limit that lets 95 % of the validation images in. */
  readonly outsideOfUnknown: number;
  readonly outsideOfKnown: number;
}

const cases: Case[] = [];
const started = process.cpuUsage();
for (const [out, heldOut] of labels.slice(0, nClasses).entries()) {
  const known = byClass.filter((_, c) => c !== out);
  const part = (from: number, to: number): StripDefect[] =>
    known.flatMap((list) => list.slice(Math.floor(from * list.length), Math.floor(to * list.length)));
  const [train, validation, test] = [part(0, 0.5), part(0.5, 0.75), part(0.75, 1)];
  const unknown = byClass[out] ?? [];
  const names = labels.filter((_, c) => c !== out);
  const augmentation = {
    flip: {},
    scale: { factor: [0.85, 1.2], probability: 0.7 },
    contrast: {},
    brightness: {},
  } as const;
  const net = await createImageClassifier({
    ...{ filters: [16, 32, 64, 128], depths: [1, 1, 1, 2], epochs, patience: epochs },
    ...{ learningRate: 0.003, weightDecay: 0.01, views: "flips" },
  }).fit(
    imageSource(train, names, { batchSize: 16, augmentation }),
    imageSource(validation, names, { batchSize: 32, order: "given" }),
    { random: random.fork(heldOut), threads },
  );
  const asked = [...test, ...unknown];
  const of = (list: readonly StripDefect[]) => list.map(({ image }) => image);
  const isUnknown = asked.map((_, i) => i >= test.length);
  const { probabilities } = await net.predict(of(asked), { threads });
  const k = names.length;
  const rows = asked.map((_, i) => [...probabilities.data.subarray(i * k, (i + 1) * k)]);
  const doubt = rows.map((row) => 1 - Math.max(...row));
  const [features, limits, own] = [
    await net.features(of(train), { threads }),
    await net.features(of(validation), { threads }),
    await net.features(of(asked), { threads }),
  ];
  const scores = fitNeighbourDomain(features, limits).scores(own);
  const raw = standardised(textureFeatures(of([...train, ...validation, ...asked])), train.length);
  const cut = (from: number, n: number): Matrix =>
    createMatrix(n, raw.columns, raw.data.slice(from * raw.columns, (from + n) * raw.columns));
  const texture = fitNeighbourDomain(cut(0, train.length), cut(train.length, validation.length)).scores(
    cut(train.length + validation.length, asked.length),
  );
  const auc = (values: ArrayLike<number>): number =>
    areaUnderRoc(
      Float64Array.from(values),
      Uint8Array.from(isUnknown, (one) => (one ? 1 : 0)),
    ) ?? Number.NaN;
  const right = test.filter(({ label }, i) => names[rows[i]?.indexOf(Math.max(...(rows[i] ?? []))) ?? -1] === label);
  const outside = (isOut: boolean): number =>
    mean([...scores].flatMap((score, i) => (isUnknown[i] === isOut ? [score > 1 ? 1 : 0] : [])));
  cases.push({
    heldOut,
    accuracy: right.length / test.length,
    auroc: {
      "features before the last layer": auc(scores),
      "1 − largest probability": auc(doubt),
      "texture features": auc(texture),
    },
    outsideOfUnknown: outside(true),
    outsideOfKnown: outside(false),
  });
  console.error(JSON.stringify(cases.at(-1)));
}
const used = process.cpuUsage(started);
await closeWorkers();
report(
  {
    ...{ suite: "accuracy", case: "imageDomain", nImages, epochs, seed, cases },
    mean: Object.fromEntries(
      Object.keys(cases[0]?.auroc ?? {}).map((name) => [
        name,
        mean(cases.map(({ auroc }) => auroc[name] ?? Number.NaN)),
      ]),
    ),
    cpuSeconds: (used.user + used.system) / 1e6,
    ...provenance(),
  },
  (result) => console.log(result),
);

/** By mean and deviation of the first rows. */
function standardised({ rows, columns, data: values }: Matrix, first: number): Matrix {
  const out = new Float64Array(values.length);
  for (let j = 0; j < columns; j++) {
    const own = Array.from({ length: first }, (_, i) => values[i * columns + j] ?? Number.NaN);
    const centre = mean(own);
    const deviation = Math.sqrt(mean(own.map((v) => (v - centre) ** 2)));
    for (let i = 0; i < rows; i++) {
      out[i * columns + j] = deviation > 0 ? ((values[i * columns + j] ?? Number.NaN) - centre) / deviation : 0;
    }
  }
  return createMatrix(rows, columns, out);
}
