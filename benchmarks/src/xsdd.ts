/**
 * Classes of steel strip defects by a network trained from nothing on the CPU, beside a forest on classical texture. From the repository
 * root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/xsdd.ts
 *
 * Options: --json, --folds N (default 5), --only N (that fold alone, from 0), --epochs N, --size PX, --threads N, --seed N, --batch N;
 * --validation: scores on the validation images of each fold instead of its test images, for trying things out; --filters A,B,…,
 * --depths A,B,…, --rate X, --decay X, --dropout X, --smoothing X, --residual, --pooling mean|max|both, --views none|flips|square,
 * --balance X, --augment JSON: other settings; --curve: losses of each epoch to the error stream, where each fold is reported.
 *
 * Stratified folds, exact copies together. Epoch and temperature come from an eighth of the training images of each fold; the test images
 * are predicted once.
 */
import { closeWorkers, createMatrix, createRandom, type Matrix, type Random } from "@materiome/core";
import {
  type ClassificationMetrics,
  classificationMetrics,
  createRandomForestClassifier,
  stratifiedGroupKFold,
} from "@materiome/forward";
import { createImageClassifier, type ImageClassifierOptions } from "@materiome/forward/nets";
import { type Augmentation, type ImageExample, imageSource } from "@materiome/microstructure/patches";
import { hasOption, numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { readStripDefects, type StripDefect } from "./stripDefects.ts";
import { textureFeatures } from "./textureFeatures.ts";

/** JPEG and PNG files are both in this class alone. */
const MIXED_CLASS = "finishing roll printing";

export interface XsddOptions {
  readonly folds: number;
  readonly only?: number | undefined;
  readonly size: number;
  readonly threads: number;
  readonly seed: number;
  readonly batch: number;
  readonly balance: number;
  readonly isValidation: boolean;
  readonly augmentation: Augmentation;
  readonly network: ImageClassifierOptions;
}

interface MethodScore {
  readonly method: string;
  readonly accuracy: number;
  readonly macroRecall: number;
  readonly macroF1: number;
  readonly logLoss: number;
  /** Expected calibration error. */
  readonly ece: number;
  readonly recall: { readonly [label: string]: number | null };
  /** Of the JPEG files of the class that holds JPEG and PNG files. */
  readonly recallOfMixedJpegs: number | null;
  /** Of its PNG files. */
  readonly recallOfMixedPngs: number | null;
  readonly accuracyByFold: readonly number[];
  /** Row: true class; column: called class. */
  readonly confusion: readonly (readonly number[])[];
}

export interface XsddBenchmark extends Provenance {
  readonly suite: "accuracy";
  readonly case: "xsdd";
  readonly scoredOn: "test" | "validation";
  readonly nImages: number;
  readonly labels: readonly string[];
  readonly methods: readonly MethodScore[];
  readonly nets: readonly {
    readonly fold: number;
    readonly nTrain: number;
    readonly nValidation: number;
    readonly bestEpoch: number;
    readonly epochs: number;
    readonly temperature: number;
    readonly validationLogLoss: number;
    readonly cpuSeconds: number;
  }[];
  readonly options: XsddOptions;
  readonly seconds: number;
  /** User and system time of all threads, forest and reading included. */
  readonly cpuSeconds: number;
}

/** No quarter turns: defects follow the rolling direction, which is upright in every image. */
const AUGMENTATION: Augmentation = {
  flip: {},
  scale: { factor: [0.85, 1.2], probability: 0.7 },
  contrast: { factor: [0.8, 1.25], probability: 0.5 },
  brightness: { shift: [-0.08, 0.08], probability: 0.5 },
};

const f = (value: number | null): string => (value === null ? "–" : value.toFixed(3));

/** Probabilities of each class for some images. */
interface Predicted {
  readonly rows: readonly number[];
  readonly probabilities: Matrix;
}

export async function benchmarkXsdd(data: string, options: XsddOptions): Promise<XsddBenchmark> {
  const started = performance.now();
  const { defects, labels } = await readStripDefects(data, options.size);
  const random = createRandom(options.seed);
  const codes = Int32Array.from(defects, ({ label }) => labels.indexOf(label));
  const groups = Int32Array.from(defects, ({ group }) => group);
  const foldOf = stratifiedGroupKFold(options.folds, { by: "classes" }).assign(
    defects.length,
    groups,
    random.fork("folds"),
    codes,
  );
  const x = textureFeatures(defects.map(({ image }) => image));
  const methods = new Map<string, Predicted[]>();
  const add = (method: string, predicted: Predicted): void => {
    methods.set(method, [...(methods.get(method) ?? []), predicted]);
  };
  const nets: XsddBenchmark["nets"][number][] = [];
  try {
    for (let fold = 0; fold < options.folds; fold++) {
      if (options.only !== undefined && options.only !== fold) continue;
      const rest = [...foldOf.keys()].filter((i) => foldOf[i] !== fold);
      const { train, validation } = divide(rest, groups, codes, random.fork(`validation ${fold}`));
      const test = options.isValidation ? validation : [...foldOf.keys()].filter((i) => foldOf[i] === fold);
      // The simpler methods choose nothing on the validation images and may learn from them.
      const known = options.isValidation ? train : rest;
      const shares = labels.map((_, c) => known.filter((i) => codes[i] === c).length / known.length);
      add("shares of the classes", {
        rows: test,
        probabilities: createMatrix(test.length, labels.length, Float64Array.from(test.flatMap(() => shares))),
      });
      const run = { random: random.fork(`fold ${fold}`), threads: options.threads };
      const part = (rows: readonly number[]): typeof x => ({
        ...createMatrix(
          rows.length,
          x.columns,
          Float64Array.from(rows.flatMap((i) => [...x.data.subarray(i * x.columns, (i + 1) * x.columns)])),
        ),
        features: x.features,
      });
      const forest = await createRandomForestClassifier({ nTrees: 300, classWeights: "balanced" }).fit(
        part(known),
        { kind: "classification", codes: Int32Array.from(known, (i) => codes[i] as number), labels },
        run,
      );
      const { probabilities } = await forest.predict(part(test), run);
      add("random forest on texture", { rows: test, probabilities });
      const before = process.cpuUsage();
      const pick = (rows: readonly number[]): ImageExample[] =>
        rows.map((i) => {
          const { image, label, path } = defects[i] as StripDefect; // a row of these
          return { image, label, name: path };
        });
      const { batch, balance, augmentation } = options;
      const source = imageSource(pick(train), labels, { batchSize: batch, balance, augmentation });
      const checks = imageSource(pick(validation), labels, { batchSize: 32, order: "given" });
      const classifier = await createImageClassifier(options.network).fit(source, checks, run);
      const found = await classifier.predict(
        test.map((i) => (defects[i] as StripDefect).image),
        run,
      );
      add("network", { rows: test, probabilities: found.probabilities });
      const spent = process.cpuUsage(before);
      const best = classifier.learningCurve[classifier.bestEpoch - 1];
      nets.push({
        fold,
        nTrain: train.length,
        nValidation: validation.length,
        bestEpoch: classifier.bestEpoch,
        epochs: classifier.learningCurve.length,
        temperature: classifier.calibration?.temperature ?? 1,
        validationLogLoss: best?.validationLoss ?? Number.NaN,
        cpuSeconds: (spent.user + spent.system) / 1e6,
      });
      const soFar = [...methods].map(([method, predicted]) => {
        const { accuracy, macroRecall } = score(method, predicted, defects, codes, labels);
        return `${method} ${f(accuracy)} (macro recall ${f(macroRecall)})`;
      });
      console.error(`folds up to ${fold}: ${soFar.join(", ")}; ${JSON.stringify(nets.at(-1))}`);
      if (hasOption("curve")) {
        for (const { epoch, trainingLoss, validationLoss } of classifier.learningCurve) {
          console.error(`  ${epoch}: ${trainingLoss.toFixed(4)} ${validationLoss.toFixed(4)}`);
        }
      }
    }
  } finally {
    await closeWorkers();
  }
  const cpu = process.cpuUsage();
  return {
    suite: "accuracy",
    case: "xsdd",
    scoredOn: options.isValidation ? "validation" : "test",
    nImages: defects.length,
    labels,
    methods: [...methods].map(([method, predicted]) => score(method, predicted, defects, codes, labels)),
    nets,
    options,
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    ...provenance(),
  };
}

/** An eighth of the rows to validate with, stratified, copies together. */
function divide(
  rows: readonly number[],
  groups: Int32Array,
  codes: Int32Array,
  random: Random,
): { readonly train: readonly number[]; readonly validation: readonly number[] } {
  const of = (values: Int32Array): Int32Array => Int32Array.from(rows, (i) => values[i] as number); // rows of these
  const part = stratifiedGroupKFold(8, { by: "classes" }).assign(rows.length, of(groups), random, of(codes));
  return {
    train: rows.filter((_, k) => part[k] !== 0),
    validation: rows.filter((_, k) => part[k] === 0),
  };
}

function score(
  method: string,
  predicted: readonly Predicted[],
  defects: readonly StripDefect[],
  codes: Int32Array,
  labels: readonly string[],
): MethodScore {
  const metricsOf = (parts: readonly Predicted[]): ClassificationMetrics => {
    const rows = parts.flatMap((part) => part.rows);
    const data = Float64Array.from(parts.flatMap(({ probabilities }) => [...probabilities.data]));
    const truth = rows.map((i) => codes[i] as number); // rows of these
    return classificationMetrics(createMatrix(rows.length, labels.length, data), truth, labels);
  };
  const all = metricsOf(predicted);
  const mixed = labels.indexOf(MIXED_CLASS);
  const recallOf = (isJpeg: boolean): number | null => {
    let [right, n] = [0, 0];
    for (const { rows, probabilities } of predicted) {
      for (const [k, i] of rows.entries()) {
        if (codes[i] !== mixed || defects[i]?.isJpeg !== isJpeg) continue;
        const row = probabilities.data.subarray(k * labels.length, (k + 1) * labels.length);
        n++;
        if (row.indexOf(Math.max(...row)) === mixed) right++;
      }
    }
    return n === 0 ? null : right / n;
  };
  const k = labels.length;
  return {
    method,
    accuracy: all.accuracy,
    macroRecall: all.balancedAccuracy,
    macroF1: all.macroF1,
    logLoss: all.logLoss,
    ece: all.ece,
    recall: Object.fromEntries(all.classes.map(({ label, recall }) => [label, recall])),
    recallOfMixedJpegs: recallOf(true),
    recallOfMixedPngs: recallOf(false),
    accuracyByFold: predicted.map((part) => metricsOf([part]).accuracy),
    confusion: labels.map((_, c) => [...all.confusion.data.subarray(c * k, (c + 1) * k)]),
  };
}

function print(result: XsddBenchmark): void {
  console.log(
    `xsdd-steel-strip-defects, ${result.nImages} images, ${result.options.folds} folds, scored on ${result.scoredOn}`,
  );
  for (const method of result.methods) {
    console.log(
      `  ${method.method}: accuracy ${f(method.accuracy)} (folds ${method.accuracyByFold.map(f).join(", ")}), macro recall ${f(method.macroRecall)}, calibration error ${f(method.ece)}, log loss ${f(method.logLoss)}`,
    );
    const recalls = Object.entries(method.recall).map(([label, recall]) => `${label} ${f(recall)}`);
    console.log(
      `    recall: ${recalls.join(", ")}; of ${MIXED_CLASS}: JPEG ${f(method.recallOfMixedJpegs)}, PNG ${f(method.recallOfMixedPngs)}`,
    );
  }
  console.log(`  ${result.seconds.toFixed(0)} s, ${result.cpuSeconds.toFixed(0)} s of CPU; ${provenanceLine(result)}`);
}

function list(name: string): readonly number[] | undefined {
  return textOption(name)?.split(",").map(Number);
}

await runAsCommand(
  import.meta.url,
  () => {
    const data = process.env["MATERIOME_DATA"];
    if (data === undefined) throw new Error("set MATERIOME_DATA to the folder that holds the datasets");
    const given = numberOptions([
      ...(["folds", "only", "size", "threads", "seed", "batch", "balance"] as const),
      ...(["epochs", "rate", "decay", "dropout", "smoothing"] as const),
    ]);
    const { folds = 5, only, size = 112, threads = 2, seed = 1, batch = 16, balance = 0 } = given;
    const { epochs = 24, rate = 0.003, decay = 0.01, dropout = 0, smoothing = 0 } = given;
    const augment = textOption("augment");
    const network: ImageClassifierOptions = {
      ...{ epochs, patience: epochs, learningRate: rate, weightDecay: decay, dropout, labelSmoothing: smoothing },
      filters: list("filters") ?? [16, 32, 64, 128],
      depths: list("depths") ?? [1, 1, 1, 2],
      isResidual: hasOption("residual"),
      pooling: (textOption("pooling") ?? "both") as "both",
      views: (textOption("views") ?? "flips") as "flips",
    };
    const isValidation = hasOption("validation");
    const augmentation = augment === undefined ? AUGMENTATION : (JSON.parse(augment) as Augmentation);
    return benchmarkXsdd(data, {
      folds,
      only,
      size,
      threads,
      seed,
      batch,
      balance,
      isValidation,
      augmentation,
      network,
    });
  },
  print,
);
