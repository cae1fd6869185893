import { type BatchSource, createRandom, type ImageBatch, type Random } from "@materiome/core";

/** Bright disks on noise, drawn anew for each batch; the border of each picture is not labelled. */
export function disks(
  seed: number,
  length: number,
  options: { channels?: number; side?: number; batch?: number } = {},
): BatchSource {
  const { channels = 1, side = 32, batch = 4 } = options;
  return {
    length,
    imageShape: [side, side, channels],
    targets: [{ name: "phase", kind: "classes", labels: ["matrix", "disk"] }],
    targetsPer: "pixel",
    batch(i: number, random: Random): ImageBatch {
      const draw = createRandom(`${seed}/${random.key}/${i}`);
      const pixels = batch * side * side;
      const x = new Float32Array(pixels * channels);
      const y = new Float32Array(pixels * 2);
      const weights = new Float32Array(pixels);
      for (let n = 0, p = 0; n < batch; n++) {
        const circles = Array.from(
          { length: 3 },
          () => [side * draw.next(), side * draw.next(), 3 + 3 * draw.next()] as const,
        );
        for (let r = 0; r < side; r++) {
          for (let c = 0; c < side; c++, p++) {
            const inside = circles.some(([cy, cx, radius]) => (r - cy) ** 2 + (c - cx) ** 2 < radius * radius);
            for (let k = 0; k < channels; k++) x[p * channels + k] = 100 + (inside ? 40 : 0) + 15 * draw.normal();
            if (r === 0 || c === 0) continue;
            weights[p] = 1;
            y[2 * p + (inside ? 1 : 0)] = 1;
          }
        }
      }
      return { shape: [batch, side, side, channels], x, yShape: [batch, side, side, 2], y, weights };
    },
  };
}
