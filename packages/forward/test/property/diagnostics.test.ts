import { closeWorkers, createRandom, readTable, type Table } from "@materiome/core";
import { createRidge, type TrainedPropertyModel, trainPropertyModel } from "@materiome/forward";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

afterAll(closeWorkers);

/** 30 heats of 3 rows, 600 C − T / 10 with 2 MPa of noise; heat 7 lies 60 MPa higher and heat 11 has ten times the carbon. */
function steels(): Table {
  const random = createRandom(4);
  const lines = ["heat,C (wt%),Temperature (°C),Yield strength (MPa)"];
  for (let heat = 0; heat < 30; heat++) {
    const c = heat === 11 ? 5 : 0.2 + 0.3 * random.next();
    for (const t of [500, 575, 650]) {
      const y = 600 * c - 0.1 * t + 2 * random.normal() + (heat === 7 ? 60 : 0);
      lines.push(`H${heat},${c.toFixed(3)},${t},${y.toFixed(2)}`);
    }
  }
  return readTable(lines.join("\n"), { schema: { version: 1, columns: [{ name: "heat", role: "group" }] } });
}

let trained: TrainedPropertyModel;
beforeAll(async () => {
  const options = { targets: ["Yield strength"], learner: createRidge(), folds: 6, learningCurve: true };
  trained = await trainPropertyModel(steels(), options, { random: createRandom(1), threads: 1 });
});

describe("what training says of held-out rows", () => {
  it("asks the fold's training rows whether they know the row, and names the nearest of them", () => {
    const [held] = trained.outOfFold;
    const table = steels();
    const heats = table.column("heat");
    const heatOf = (row: number): string =>
      heats.kind === "category" ? (heats.labels[heats.codes[row] ?? -1] ?? "") : "";
    for (const [i, row] of (held?.rows ?? []).entries()) {
      const near = Array.from(held?.neighbours.subarray(2 * i, 2 * i + 2) ?? []);
      expect(near).toHaveLength(2);
      for (const other of near) {
        expect(heatOf(other)).not.toBe(heatOf(row));
        expect(held?.fold[held.rows.indexOf(other)]).not.toBe(held?.fold[i]); // a row learnt from
      }
      const isRich = heatOf(row) === "H11";
      if (isRich) {
        expect(held?.inDomain[i]).toBe(0);
        expect(held?.domainReasons[i]).toMatch(/C 5 wt% is outside/);
      }
    }
    expect(Array.from(held?.inDomain ?? []).filter((flag) => flag === 0).length).toBeLessThan(20);
  });

  it("compares with the median and the nearest row, pair by pair", () => {
    const [score] = trained.metrics.targets;
    const [found] = trained.metrics.diagnostics;
    expect(found?.againstMedian.difference).toBeCloseTo((score?.mae ?? 0) - (score?.medianBaselineMae ?? 0), 9);
    expect(found?.againstNeighbour?.difference).toBeCloseTo((score?.mae ?? 0) - (score?.neighbourBaselineMae ?? 0), 9);
    expect(found?.againstMedian.bootstrapInterval[0]).toBeLessThan(found?.againstMedian.difference ?? 0);
  });

  it("names the heat that is off, with its offset", () => {
    const groups = trained.metrics.diagnostics[0]?.worstGroups ?? [];
    expect(groups).toHaveLength(5);
    const off = groups.find(({ label }) => label === "heat H7");
    expect(off?.bias).toBeLessThan(-40); // predicted too low
    expect(off?.mae).toBeCloseTo(-(off?.bias ?? 0), 9);
    expect(off?.rows).toEqual([23, 24, 25]);
  });

  it("splits coverage by width, prediction and domain; parts add up to the whole", () => {
    const [found] = trained.metrics.diagnostics;
    const regions = found?.regions ?? [];
    expect(regions.map(({ region }) => region)).toEqual([
      "narrow intervals",
      "middling intervals",
      "wide intervals",
      "low predictions",
      "middling predictions",
      "high predictions",
      "inside the domain",
      "outside the domain",
    ]);
    const covered = (own: typeof regions): number => own.reduce((sum, { n, coverage }) => sum + n * coverage, 0) / 90;
    for (const [from, to] of [
      [0, 3],
      [3, 6],
      [6, 8],
    ]) {
      expect(covered(regions.slice(from, to))).toBeCloseTo(trained.metrics.targets[0]?.coverage90 ?? 0, 9);
    }
    for (const { coverage, coverageCi } of regions) {
      expect(coverageCi[0]).toBeLessThan(Math.max(coverage, 1e-9));
      expect(coverageCi[1] - coverageCi[0]).toBeGreaterThan(0.02); // also where all rows are covered
    }
    const points = found?.calibration ?? [];
    expect(points.find(({ stated }) => stated === 0.9)?.observed).toBeCloseTo(
      trained.metrics.targets[0]?.coverage90 ?? 0,
      9,
    );
  });

  it("learns from parts of the training rows and ends at the scores of the validation", () => {
    const curve = trained.metrics.diagnostics[0]?.learningCurve;
    const [held] = trained.outOfFold;
    expect(curve?.nFolds).toBe(4);
    expect(curve?.points.map(({ nGroups }) => nGroups)).toEqual([6, 13, 25]); // a quarter, a half and all of 25; an eighth are 3, too few
    const own = Array.from(held?.rows.keys() ?? []).filter((i) => (held?.fold[i] ?? 9) < 4);
    const mae =
      own.reduce((sum, i) => sum + Math.abs((held?.actual[i] ?? 0) - (held?.predicted[i] ?? 0)), 0) / own.length;
    expect(curve?.points.at(-1)?.mae).toBeCloseTo(mae, 9);
    expect(curve?.nTest).toBe(own.length);
    const [half, all] = curve?.points.slice(-2) ?? [];
    expect(curve?.lastStep).toBeCloseTo((all?.mae ?? 0) - (half?.mae ?? 0), 9);
  });
});
