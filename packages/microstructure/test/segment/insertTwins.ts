import { createRaster, type LabelMap, type Random } from "@materiome/core";
import { connectedComponents } from "../../src/kernels/index.ts";

/**
 * Cuts a share of the grains of a mosaic by a lamella of constant width through the grain: three regions where one was. Returns the
 * labels of the lamellae that are whole (one part, at least 1.8 times longer than wide, a grain on either side), and for every label the grain of the mosaic that it was cut from.
 */
export function insertTwins(
  mosaic: LabelMap,
  share: number,
  random: Random,
): { readonly labels: LabelMap; readonly twins: ReadonlySet<number>; readonly grainOf: Uint32Array } {
  const { width, height, data } = mosaic;
  const sums = new Map<number, number[]>();
  for (const [i, label] of data.entries()) {
    const s = sums.get(label) ?? [0, 0, 0];
    sums.set(label, [s[0]! + 1, s[1]! + (i % width), s[2]! + Math.floor(i / width)]);
  }
  const cut = new Uint32Array(data.length);
  const plans = new Map<number, { cx: number; cy: number; nx: number; ny: number; half: number }>();
  for (const [label, [n = 1, x = 0, y = 0]] of [...sums].sort(([a], [b]) => a - b)) {
    if (random.next() >= share || n < 400) continue;
    const angle = Math.PI * random.next();
    const half = (0.06 + 0.08 * random.next()) * Math.sqrt(n) + 1;
    const shift = (random.next() - 0.5) * 0.3 * Math.sqrt(n);
    const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
    plans.set(label, { cx: x / n + shift * nx, cy: y / n + shift * ny, nx, ny, half });
  }
  for (const [i, label] of data.entries()) {
    const plan = plans.get(label);
    let part = 0;
    if (plan !== undefined) {
      const t = ((i % width) - plan.cx) * plan.nx + (Math.floor(i / width) - plan.cy) * plan.ny;
      part = Math.abs(t) <= plan.half ? 1 : t < 0 ? 2 : 3;
    }
    cut[i] = 4 * label + part;
  }
  const labels = new Uint32Array(data.length);
  const n = connectedComponents(width, height, cut, 4, labels);
  const origin = new Uint32Array(n + 1);
  const area = new Uint32Array(n + 1);
  for (const [i, label] of labels.entries()) {
    origin[label] = cut[i]!;
    area[label]! += 1;
  }
  const twins = new Set<number>();
  for (const [label, plan] of plans) {
    const parts = [1, 2, 3].map((part) => [...origin.keys()].filter((k) => k > 0 && origin[k] === 4 * label + part));
    const isWhole = parts.every((all) => all.length === 1 && area[all[0]!]! >= 60);
    const thickness = 2 * plan.half + 1;
    if (isWhole && area[parts[0]![0]!]! / thickness >= 1.8 * thickness) twins.add(parts[0]![0]!);
  }
  const grainOf = origin.map((value) => value >> 2);
  return { labels: createRaster(labels, width, height, { pixelSizeUm: mosaic.pixelSizeUm }), twins, grainOf };
}
