import { createRandom, type FeatureMatrix, type Targets } from "@materiome/core";
import { features, targets } from "../data.ts";

const ELEMENTS = ["Fe", "Ni", "Cr", "Ti", "Al", "Cu"];

/** Ternaries of six elements whose property is a product of fractions, times a temperature that is no composition. */
export function alloys(n: number, seed: number): { x: FeatureMatrix; y: Targets } {
  const random = createRandom(seed);
  const data: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < n; i++) {
    const row = new Array<number>(7).fill(0);
    let left = 1;
    for (const k of [0, 1]) {
      const share = left * (0.1 + 0.8 * random.next());
      row[(random.int(5) + k) % 6] += share;
      left -= share;
    }
    row[5] += left;
    row[6] = random.next();
    data.push(...row);
    y.push(100 * (row[0] * row[5] + row[1] * row[4]) + 10 * row[6] * row[3]);
  }
  const columns = ELEMENTS.map((name) => ({ name: `${name} fraction`, unit: "atomic fraction", source: ["formula"] }));
  const scalar = { name: "temperature", unit: "K", source: ["temperature"] };
  return { x: { ...features(n, 7, data), features: [...columns, scalar] }, y: targets(y) };
}
