/**
 * What an elastic net among the candidates of `auto` is worth where a target is a linear law of few features. Drawn rows: 60 to learn from,
 * 200 to score on; slopes fall from 5 to 1 in size, signs change in turn, noise has the standard deviation 1. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/sparseLaws.ts
 *
 * Options: --draws N (default 3), --threads N (default 1), --seed N (default 1), --json.
 */
import { closeWorkers, createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import { type AutoCandidate, createAuto, createElasticNet, createRidge } from "@materiome/forward";
import { mean } from "./averages.ts";
import { numberOptions, report } from "./commandLine.ts";
import { provenance } from "./provenance.ts";

const { draws, threads, seed } = {
  ...{ draws: 3, threads: 1, seed: 1 },
  ...numberOptions(["draws", "threads", "seed"]),
};
const TRAINING_ROWS = 60;
const TEST_ROWS = 200;
const CANDIDATES: readonly AutoCandidate[] = [
  ...(["extra-trees", "forest", "boosting", "gaussian-process", "ranked-gaussian-process", "ridge"] as const),
];
const auto = (more: readonly AutoCandidate[]) =>
  createAuto({ candidates: [...CANDIDATES, ...more], draws: 0, nTrees: 50 });
const LEARNERS = {
  "auto without": auto([]),
  "auto with": auto(["elastic-net"]),
  "elastic net": createElasticNet(),
  ridge: createRidge(),
};

const cases: {
  features: number;
  thatMatter: number;
  mae: Record<string, number>;
  secondsOfProcessor: Record<string, number>;
}[] = [];
for (const features of [15, 30, 60, 100]) {
  for (const thatMatter of [2, 8]) {
    const errors: Record<string, number[]> = {};
    const seconds: Record<string, number[]> = {};
    for (let draw = 0; draw < draws; draw++) {
      const random = createRandom(`${seed} draw ${draw} of ${features} features, ${thatMatter}`);
      const rows = (n: number): FeatureMatrix => ({
        ...createMatrix(
          n,
          features,
          Float64Array.from({ length: n * features }, () => random.normal()),
        ),
        features: Array.from({ length: features }, (_, k) => ({ name: `x${k}`, unit: "", source: [`x${k}`] })),
      });
      const law = ({ data }: FeatureMatrix, i: number): number => {
        let sum = 0;
        for (let k = 0; k < thatMatter; k++) {
          sum += (5 - (4 * k) / thatMatter) * (k % 2 === 0 ? 1 : -1) * (data[i * features + k] as number); // k < features
        }
        return sum;
      };
      const [x, fresh] = [rows(TRAINING_ROWS), rows(TEST_ROWS)];
      const y = Float64Array.from({ length: TRAINING_ROWS }, (_, i) => law(x, i) + random.normal());
      const targets = { kind: "regression", values: createMatrix(TRAINING_ROWS, 1, y), units: [""] } as const;
      for (const [name, learner] of Object.entries(LEARNERS)) {
        process.stderr.write(`\r${features} features, ${thatMatter} matter, draw ${draw + 1}: ${name}          `);
        const before = process.cpuUsage();
        const model = await learner.fit(x, targets, { random: createRandom(seed), threads });
        const { user, system } = process.cpuUsage(before);
        const predicted = (await model.predict(fresh)).mean.data;
        const own = Array.from(predicted, (value, i) => Math.abs(value - law(fresh, i)));
        errors[name] = [...(errors[name] ?? []), mean(own)];
        seconds[name] = [...(seconds[name] ?? []), (user + system) / 1e6];
      }
    }
    const over = (lists: Record<string, number[]>): Record<string, number> =>
      Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, mean(list)]));
    cases.push({ features, thatMatter, mae: over(errors), secondsOfProcessor: over(seconds) });
  }
}
process.stderr.write("\n");
await closeWorkers();

const result = {
  ...{
    suite: "sparseLaws",
    case: `linear laws, ${TRAINING_ROWS} rows`,
    metric: "MAE against the law, without its noise",
  },
  ...{ draws, seed, threads, cases },
  ...provenance({}),
};
report(result, () => {
  for (const { features, thatMatter, mae } of cases) {
    const errors = Object.entries(mae).map(([name, value]) => `${name} ${value.toPrecision(3)}`);
    console.log(`${features} features, ${thatMatter} matter: ${errors.join(", ")}`);
  }
});
