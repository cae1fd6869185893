import { type BatchSource, DataError, type Random, ShapeError } from "@materiome/core";
import type { Normalisation } from "../training/normalisation.ts";
import { type FieldComponent, type FieldExample, indicators } from "./fieldExample.ts";

/** Signs of the components of the field of a mirrored map: +1 where they stay, −1 where they turn round. */
export interface MirrorSigns {
  /** Columns in reverse. */
  readonly x: readonly (1 | -1)[];
  /** Rows in reverse. */
  readonly y: readonly (1 | -1)[];
}

export interface FieldVariation {
  /** Maps are shifted around, at random, as they repeat themselves. */
  readonly isShifted: boolean;
  /** Maps are mirrored at random. */
  readonly mirrors: MirrorSigns | undefined;
  /** Maps come in another order in each epoch. */
  readonly isShuffled: boolean;
}

/**
 * Batches of phase maps, one channel a phase, and of their fields in units of their deviation.
 *
 * @throws DataError without maps or for phases that are none; ShapeError for maps of several sizes
 */
export function fieldSource(
  who: string,
  examples: readonly FieldExample[],
  components: readonly FieldComponent[],
  labels: readonly number[],
  scale: Normalisation,
  batchSize: number,
  variation: FieldVariation,
): BatchSource {
  const first = examples[0]?.phases;
  if (first === undefined) throw new DataError(`${who}: there are no maps`);
  const { width, height } = first;
  for (const [i, { phases }] of examples.entries()) {
    if (phases.width === width && phases.height === height) continue;
    throw new ShapeError(
      `${who}: map ${i} is ${phases.width} × ${phases.height} px, the first ${width} × ${height}; maps of one size are learned from`,
    );
  }
  const inputs = examples.map(({ phases }, i) => indicators(`${who}: map ${i}`, phases, labels));
  const [n, k] = [labels.length, components.length];
  const pixels = width * height;
  return {
    length: Math.ceil(examples.length / batchSize),
    imageShape: [height, width, n],
    targets: [{ name: "field", kind: "values", labels: components.map(({ name }) => name) }],
    targetsPer: "pixel",
    batch(b, random) {
      const order = variation.isShuffled ? permutation(examples.length, random.fork("order")) : examples.keys();
      const chosen = [...order].slice(b * batchSize, (b + 1) * batchSize);
      const x = new Float32Array(chosen.length * pixels * n);
      const y = new Float32Array(chosen.length * pixels * k);
      for (const [place, i] of chosen.entries()) {
        const draw = random.fork(`map ${i}`);
        const [shiftX, shiftY] = variation.isShifted ? [draw.int(width), draw.int(height)] : [0, 0];
        const signs = new Array<number>(k).fill(1);
        const turn = (along: readonly (1 | -1)[] | undefined): boolean => {
          if (along === undefined || draw.int(2) === 0) return false;
          for (const [c, sign] of along.entries()) signs[c]! *= sign; // one for each component
          return true;
        };
        const [isMirroredX, isMirroredY] = [turn(variation.mirrors?.x), turn(variation.mirrors?.y)];
        const input = inputs[i]!; // as many as examples
        const field = examples[i]!.field.data;
        for (let row = 0; row < height; row++) {
          const fromRow = (((isMirroredY ? height - 1 - row : row) + shiftY) % height) * width;
          for (let column = 0; column < width; column++) {
            const from = fromRow + (((isMirroredX ? width - 1 - column : column) + shiftX) % width);
            const to = place * pixels + row * width + column;
            for (let c = 0; c < n; c++) x[to * n + c] = input[from * n + c]!; // inside the map
            for (let c = 0; c < k; c++) {
              y[to * k + c] = (signs[c]! * field[from * k + c]! - scale.mean[c]!) / scale.deviation[c]!; // inside the map
            }
          }
        }
      }
      const weights = new Float32Array(chosen.length * pixels).fill(1);
      return { shape: [chosen.length, height, width, n], x, yShape: [chosen.length, height, width, k], y, weights };
    },
  };
}

function permutation(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!]; // both ≤ i
  }
  return order;
}
