import { type BatchSource, createRandom, type ImageBatch, type Random } from "@materiome/core";

const LABELS = ["rows", "columns", "diagonal"];

interface Options {
  readonly side?: number;
  readonly batch?: number;
  readonly channels?: number;
}

/** Stripes on noise, along rows, columns or one of the diagonals, of random phase; drawn anew for each batch. */
export function stripes(seed: number, length: number, options: Options = {}): BatchSource {
  return pictures(seed, length, [{ name: "direction", kind: "classes", labels: LABELS }], options, (draw) => {
    const direction = draw.int(3);
    const phase = 6 * draw.next();
    const side = draw.next() < 0.5 ? -1 : 1;
    const y = LABELS.map((_, c) => (c === direction ? 1 : 0));
    return {
      y,
      grey: (r, c) => Math.sin(phase + 1.2 * [r, c, (r + side * c) / Math.SQRT2][direction]!) + 0.5 * draw.normal(),
    };
  });
}

/** Squares on noise on a lattice with a random cell; values are their edge (20 … 60 µm) and, of half the pictures, their brightness. */
export function squares(seed: number, length: number, options: Options = {}): BatchSource {
  const targets = [
    { name: "edge", kind: "values" as const, labels: ["edge"] },
    { name: "brightness", kind: "values" as const, labels: ["brightness"] },
  ];
  const source = pictures(seed, length, targets, options, (draw) => {
    const edge = 2 + 4 * draw.next();
    const brightness = 1 + draw.next();
    const [dx, dy] = [8 * draw.next(), 8 * draw.next()];
    return {
      y: [10 * edge, brightness],
      grey: (r, c) => ((r + dy) % 8 < edge && (c + dx) % 8 < edge ? brightness : 0) + 0.05 * draw.normal(),
    };
  });
  return {
    ...source,
    async batch(i, random) {
      const batch = await source.batch(i, random);
      const known = Uint8Array.from(batch.y, (_, k) => (k % 4 === 3 ? 0 : 1));
      return { ...batch, y: batch.y.map((value, k) => (known[k] === 1 ? value : 0)), known };
    },
  };
}

function pictures(
  seed: number,
  length: number,
  targets: BatchSource["targets"],
  { side = 16, batch = 16, channels = 1 }: Options,
  make: (draw: Random) => { y: number[]; grey: (row: number, column: number) => number },
): BatchSource {
  return {
    length,
    imageShape: [side, side, channels],
    targets,
    targetsPer: "image",
    batch(i: number, random: Random): ImageBatch {
      const draw = createRandom(`${seed}/${random.key}/${i}`);
      const size = side * side;
      const x = new Float32Array(batch * size * channels);
      const y: number[] = [];
      for (let n = 0; n < batch; n++) {
        const picture = make(draw);
        y.push(...picture.y);
        for (let p = 0; p < size; p++) {
          const value = picture.grey(Math.floor(p / side), p % side);
          x.fill(100 + 40 * value, (n * size + p) * channels, (n * size + p + 1) * channels);
        }
      }
      const shape = [batch, side, side, channels] as const;
      return {
        shape,
        x,
        yShape: [batch, y.length / batch],
        y: Float32Array.from(y),
        weights: new Float32Array(batch).fill(1),
      };
    },
  };
}

/** The images of a batch, each by itself, with its row of targets. */
export async function imagesOf(source: BatchSource, i = 0, key = 77) {
  const { x, y, shape, known } = await source.batch(i, createRandom(key));
  const [n, height, width, channels] = shape;
  const size = height * width * channels;
  const k = y.length / n;
  return Array.from({ length: n }, (_, j) => ({
    image: { data: x.slice(j * size, (j + 1) * size), width, height, channels },
    y: y.subarray(j * k, (j + 1) * k),
    known: known?.subarray(j * k, (j + 1) * k),
  }));
}
