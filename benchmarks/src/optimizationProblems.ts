import { createSpace, type Point, type SearchSpace, type Variable } from "@materiome/inverse";

/** A function with a known minimum, to be made small. */
export interface Problem {
  readonly name: string;
  readonly space: SearchSpace;
  readonly f: (point: Point) => number;
  readonly least: number;
  /** Evaluations of a run, and points asked for at a time. */
  readonly evaluations: number;
  readonly batch: number;
  readonly nInitial: number;
  /** Value to be reached by the median run. */
  readonly aim?: number | undefined;
  /** How many times nearer the minimum than even sampling it should come. */
  readonly aimGain?: number | undefined;
}

const number = (name: string, min: number, max: number): Variable => ({
  kind: "continuous",
  name,
  role: "process",
  unit: "",
  min,
  max,
  scale: "linear",
});
const cube = (d: number, min: number, max: number): SearchSpace =>
  createSpace({ variables: Array.from({ length: d }, (_, j) => number(`x${j + 1}`, min, max)), fixed: [], sums: [] });

/** [0, 1]ᵈ */
export function unitCube(d: number): SearchSpace {
  return cube(d, 0, 1);
}

const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_P = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];
const HARTMANN_WEIGHTS = [1, 1.2, 3, 3.2];

function hartmann(x: Point): number {
  let sum = 0;
  HARTMANN_A.forEach((a, i) => {
    const distance = a.reduce(
      (s, aij, j) => s + aij * ((x[j] as number) - 1e-4 * (HARTMANN_P[i]?.[j] as number)) ** 2,
      0,
    );
    sum -= (HARTMANN_WEIGHTS[i] as number) * Math.exp(-distance);
  });
  return sum;
}

const SHARES = Array.from({ length: 10 }, (_, j) => `c${j + 1}`);
/** Where the mixture is best: three components, and the others absent. */
const BEST_MIXTURE = [0.55, 0.3, 0.15, 0, 0, 0, 0, 0, 0, 0];

/** Ackley's function, R. Ackley, A Connectionist Machine for Genetic Hillclimbing (1987). */
function ackley(x: Point): number {
  const d = x.length;
  const squares = x.reduce((s, v) => s + v * v, 0) / d;
  const waves = x.reduce((s, v) => s + Math.cos(2 * Math.PI * v), 0) / d;
  return -20 * Math.exp(-0.2 * Math.sqrt(squares)) - Math.exp(waves) + 20 + Math.E;
}

/** Levy's function, as in Laguna & Martí, J. Global Optim. 33, 235 (2005), doi:10.1007/s10898-004-1936-z. */
function levy(x: Point): number {
  const w = x.map((v) => 1 + (v - 1) / 4);
  const [first, last] = [w[0] as number, w.at(-1) as number]; // 30 variables
  const middle = w.subarray(0, -1).reduce((s, v) => s + (v - 1) ** 2 * (1 + 10 * Math.sin(Math.PI * v + 1) ** 2), 0);
  return Math.sin(Math.PI * first) ** 2 + middle + (last - 1) ** 2 * (1 + Math.sin(2 * Math.PI * last) ** 2);
}

/** Branin and Hartmann as in Picheny, Wagner & Ginsbourger, Struct. Multidisc. Optim. 48, 607 (2013), doi:10.1007/s00158-013-0919-4. */
export const PROBLEMS: readonly Problem[] = [
  {
    name: "branin",
    space: createSpace({ variables: [number("x1", -5, 10), number("x2", 0, 15)], fixed: [], sums: [] }),
    f: (point) => {
      const [a, b] = [point[0] as number, point[1] as number]; // two variables
      const inner = b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6;
      return inner * inner + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
    },
    least: 0.397887,
    evaluations: 25,
    batch: 1,
    nInitial: 5,
    aim: 0.4,
  },
  {
    name: "hartmann6",
    space: cube(6, 0, 1),
    f: hartmann,
    least: -3.32237,
    evaluations: 60,
    batch: 1,
    nInitial: 10,
    aim: -3.3,
  },
  {
    name: "mixture10",
    space: createSpace({
      variables: SHARES.map((name) => number(name, 0, 1)),
      fixed: [],
      sums: [{ columns: SHARES, total: 1, tolerance: 1e-6 }],
    }),
    f: (point) => point.reduce((sum, v, j) => sum + (1 + j / 3) * (v - (BEST_MIXTURE[j] as number)) ** 2, 0),
    least: 0,
    evaluations: 60,
    batch: 1,
    nInitial: 12,
  },
  ...[
    { name: "levy30", f: levy },
    { name: "ackley30", f: ackley },
  ].map(({ name, f }) => ({
    name,
    space: cube(30, -5, 10),
    f,
    least: 0,
    evaluations: 200,
    batch: 10,
    nInitial: 40,
    aimGain: 3,
  })),
];
