import { createMatrix, createRandom, DataError, DomainError, ShapeError } from "@materiome/core";
import {
  embedMicrographs,
  projectMicrographs,
  scoreTable,
  twoPointCorrelation,
} from "@materiome/microstructure/statistics";
import { describe, expect, it } from "vitest";
import { binary, expectClose, golden } from "./reference.ts";

describe("embedMicrographs", () => {
  for (const { rows, columns, data, variance, components, scores } of golden.embedding) {
    it(`agrees with NumPy's singular values, ${rows} × ${columns}`, () => {
      const x = createMatrix(rows, columns, Float64Array.from(data));
      const found = embedMicrographs(x, { nComponents: 3 });
      expectClose(found.explainedVariance, variance, 1e-10);
      expectClose(found.components.data, components, 1e-9);
      expectClose(found.scores.data, scores, 1e-9);
      expectClose(projectMicrographs(found, x).data, scores, 1e-9);
      const all = embedMicrographs(x);
      expect(all.explainedVarianceRatio.length).toBe(Math.min(rows - 1, columns));
      expect(all.explainedVarianceRatio.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    });
  }

  it("puts structures along one line of size in order, and new ones between", () => {
    const random = createRandom(1);
    const describe = (widths: readonly number[]) => {
      const rows = widths.map((w) => {
        const shift = random.int(64);
        return twoPointCorrelation(
          binary(64, 64, (x) => (x + shift) % (2 * w) < w),
          { periodic: true, maxShiftPx: 4 },
        ).map.data;
      });
      return createMatrix(rows.length, 81, Float64Array.from(rows.flatMap((row) => [...row])));
    };
    const embedding = embedMicrographs(describe([4, 4, 8, 16, 16]));
    expect(embedding.explainedVarianceRatio[0]).toBeGreaterThan(0.95);
    const [first, , second, third] = [0, 1, 2, 3].map((k) => embedding.scores.data[k * embedding.scores.columns]);
    expect((second - first) * (third - second)).toBeGreaterThan(0);
    const again = projectMicrographs(embedding, describe([8])).data[0];
    expect(again).toBeCloseTo(second, 10); // wherever the stripes begin
  });

  it("standardises on request, and leaves constant descriptors alone", () => {
    const x = createMatrix(3, 3, Float64Array.of(1, 1000, 5, 2, 3000, 5, 3, 2000, 5));
    expect(embedMicrographs(x).explainedVarianceRatio[0]).toBeGreaterThan(0.999);
    const { scale, explainedVarianceRatio } = embedMicrographs(x, { standardise: true });
    expectClose(scale, [1, 1000, 1], 1e-9);
    expect(explainedVarianceRatio[0]).toBeCloseTo(0.75, 10); // correlation ½
  });

  it("gives table columns of role structure", () => {
    const { columns } = scoreTable(createMatrix(2, 2, Float64Array.of(1, 2, 3, 4)));
    expect(columns.map(({ name, role }) => [name, role])).toEqual([
      ["PC1", "structure"],
      ["PC2", "structure"],
    ]);
    expect(columns[1]).toMatchObject({ values: Float64Array.of(2, 4) });
  });

  it("refuses what cannot be embedded", () => {
    const x = createMatrix(2, 2, Float64Array.of(1, 2, 3, 4));
    expect(() => embedMicrographs(createMatrix(1, 2))).toThrow(DataError);
    expect(() => embedMicrographs(createMatrix(2, 2, Float64Array.of(0.1, 0.1, 0.1, 0.1)))).toThrow(/the same/);
    expect(() => embedMicrographs(createMatrix(2, 1, Float64Array.of(1, Number.NaN)))).toThrow(
      /descriptor 0 of micrograph 1/,
    );
    expect(() => embedMicrographs(x, { nComponents: 2 })).toThrow(DomainError);
    expect(() => projectMicrographs(embedMicrographs(x), createMatrix(1, 3))).toThrow(ShapeError);
  });
});
