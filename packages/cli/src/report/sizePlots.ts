import { columnTexts, readTable, resolveColumn } from "@materiome/core";
import type { DigitizeSummary, ImageSummary, PooledSpecimen } from "@materiome/microstructure";
import { type Html, html } from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import type { PointsLayer } from "./plots/layers.ts";
import { plot } from "./plots/plot.ts";

/** Equivalent diameters of the grains of an image that its border does not cut, in the unit of its table. */
export function wholeGrainDiameters(grainsCsv: string): { readonly unit: "µm" | "px"; readonly diameters: number[] } {
  const table = readTable(grainsCsv);
  const column = table.columns.find(({ name }) => name.startsWith("equivalent diameter"));
  const edge = resolveColumn(table, "touches edge");
  if (column?.kind !== "number") throw new Error("grain table of another form");
  const cut = columnTexts(edge);
  const diameters = Array.from(column.values).filter((_, row) => cut[row] === "no");
  return { unit: column.unit === "um" ? "µm" : "px", diameters };
}

/**
 * Histogram of diameters in bins of equal ratio, since grain sizes are close to log-normal: share of the grains (`what`), and
 * share of their area, which large ones dominate. Those cut by the border of a field are left out.
 */
export function sizeHistogram(
  name: string,
  diameters: readonly number[],
  { unit, what }: { readonly unit: string; readonly what: string },
): Html {
  const sorted = Float64Array.from(diameters).sort();
  const [low = 1, high = 2] = [sorted[0], sorted.at(-1)];
  const nBins = Math.min(24, Math.max(6, Math.ceil(2 * Math.cbrt(sorted.length))));
  const top = high > low ? high : 2 * low; // one size: one bin's width
  const edges = Array.from({ length: nBins + 1 }, (_, k) => low * (top / low) ** (k / nBins));
  const count = new Float64Array(nBins);
  const area = new Float64Array(nBins);
  let total = 0;
  for (const d of sorted) {
    const bin = Math.min(nBins - 1, Math.floor((nBins * Math.log(d / low)) / Math.log(top / low)));
    count[bin]! += 1; // bin < nBins, here and below
    area[bin]! += d * d;
    total += d * d;
  }
  const share = (values: Float64Array, sum: number): number[] => Array.from(values, (value) => (100 * value) / sum);
  const middles = edges.slice(1).map((edge, k) => Math.sqrt(edge * (edges[k] ?? edge)));
  return html(
    plot({
      description: `size distribution of the ${what} of ${name}`,
      width: 380,
      height: 260,
      x: { label: `equivalent diameter (${unit})`, kind: "log", domain: [low * 0.95, top * 1.05] },
      y: { label: "share (%)" },
      layers: [
        { kind: "bars", name: `of ${what}`, colour: COLOURS.blue, edges, heights: share(count, sorted.length) },
        { kind: "line", name: "of their area", colour: COLOURS.orange, x: middles, y: share(area, total) },
      ],
    }),
  );
}

/** G of every field, and of every specimen its mean with the 95 % interval; undefined where nothing is calibrated. */
export function grainSizePlot(summary: Pick<DigitizeSummary, "images" | "samples">): Html | undefined {
  const groups: {
    readonly name: string;
    readonly fields: readonly ImageSummary[];
    readonly pooled?: PooledSpecimen;
  }[] = summary.samples.map((pooled) => ({
    name: pooled.specimen,
    fields: summary.images.filter(({ specimen }) => specimen === pooled.specimen),
    pooled,
  }));
  const alone = summary.images.filter(({ specimen }) => specimen === null);
  if (alone.length > 0) groups.push({ name: "no specimen", fields: alone });
  const fields = groups.flatMap(({ fields: of }, g) => {
    return of.flatMap((image, k) => {
      const G = image.grainSizeNumber?.intercept.G ?? null;
      const offset = of.length === 1 ? 0 : 0.5 * (k / (of.length - 1) - 0.5);
      return G === null ? [] : [{ x: g + 1 + offset, y: G, title: `${image.file}: G ${G.toFixed(2)}` }];
    });
  });
  if (fields.length < 2) return undefined;
  const means = groups.flatMap(({ pooled, name }, g) => {
    if (pooled === undefined || pooled.G.intercept === null) return [];
    const { intercept, ciLow, ciHigh } = pooled.G;
    return [{ x: g + 1, y: intercept, lower: ciLow ?? intercept, upper: ciHigh ?? intercept, title: name }];
  });
  const pooled: PointsLayer = {
    kind: "points",
    name: "specimen, 95 % interval",
    colour: COLOURS.blue,
    radius: 5,
    x: means.map(({ x }) => x),
    y: means.map(({ y }) => y),
    lower: means.map(({ lower }) => lower),
    upper: means.map(({ upper }) => upper),
    titles: means.map(({ title }) => title),
  };
  return html(
    plot({
      description: "grain size number of each field, and of each specimen with its 95 % interval",
      width: 380,
      height: 260,
      x: {
        label: `specimen: ${groups.map(({ name }, g) => `${g + 1} ${name}`).join(", ")}`,
        domain: [0.4, groups.length + 0.6],
      },
      y: { label: "G by intercept" },
      layers: [
        {
          kind: "points",
          name: "fields",
          colour: COLOURS.grey,
          x: fields.map(({ x }) => x),
          y: fields.map(({ y }) => y),
          titles: fields.map(({ title }) => title),
        },
        ...(means.length === 0 ? [] : [pooled]),
      ],
    }),
  );
}
