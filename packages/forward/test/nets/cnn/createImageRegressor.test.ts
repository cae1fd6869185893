import { type BatchSource, createRandom, FormatError, IncompatibleError } from "@materiome/core";
import { reader } from "@materiome/forward";
import { beforeAll, describe, expect, it } from "vitest";
import { createImageRegressor, type ImageRegressor, readImageRegressor } from "../../../src/nets/index.ts";
import { imagesOf, squares, stripes } from "./stripes.ts";

const run = { random: createRandom(5), threads: 1 };

describe("createImageRegressor", () => {
  let regressor: ImageRegressor;

  beforeAll(async () => {
    const learner = createImageRegressor({
      filters: [8, 16],
      stride: 1,
      pooling: "mean",
      epochs: 10,
      learningRate: 0.01,
      views: "square",
    });
    regressor = await learner.fit(squares(1, 8), squares(2, 3), run);
  });

  it("tells size and brightness, of which half were not known, with deviations and intervals that hold", async () => {
    const pictures = (await Promise.all([0, 1, 2, 3].map((i) => imagesOf(squares(3, 4), i)))).flat();
    const { mean, std, lower, upper, level, uncertainty } = await regressor.predict(pictures.map(({ image }) => image));
    expect([level, uncertainty, regressor.labels]).toEqual([0.9, "total", ["edge", "brightness"]]);
    for (const [c, deviation] of [11.5, 0.29].entries()) {
      let [squared, within, n, expected] = [0, 0, 0, 0];
      for (const [i, { y, known }] of pictures.entries()) {
        if (known![c] === 0) continue;
        const at = 2 * i + c;
        squared += (mean.data[at]! - y[c]!) ** 2;
        expected += std!.data[at]! ** 2;
        if (lower!.data[at]! <= y[c]! && y[c]! <= upper!.data[at]!) within++;
        n++;
      }
      expect(Math.sqrt(squared / n)).toBeLessThan(0.4 * deviation);
      expect(Math.sqrt(expected / squared)).toBeGreaterThan(0.5);
      expect(Math.sqrt(expected / squared)).toBeLessThan(2);
      expect(within / n).toBeGreaterThan(0.7);
    }
  });

  it("comes back from JSON bit for bit", async () => {
    const again = readImageRegressor(JSON.parse(JSON.stringify(regressor)));
    expect(JSON.stringify(again)).toBe(JSON.stringify(regressor));
    const images = (await imagesOf(squares(3, 1))).map(({ image }) => image);
    expect(await again.predict(images)).toEqual(await regressor.predict(images));
    expect(again.validationRmse).toEqual(regressor.validationRmse);
    expect(JSON.stringify(await reader.read(JSON.parse(JSON.stringify(regressor)), reader))).toBe(
      JSON.stringify(regressor),
    );
    const damaged = JSON.parse(JSON.stringify(regressor));
    damaged.state.errors.pop();
    expect(() => readImageRegressor(damaged)).toThrow(/errors and level do not fit 2 values/);
  });

  it("is not read from a damaged file", () => {
    const stored = JSON.parse(JSON.stringify(regressor));
    const damaged = (errors: unknown) => () => readImageRegressor({ ...stored, state: { ...stored.state, errors } });
    expect(damaged(stored.state.errors.slice(1))).toThrow(/errors and level do not fit 2 values/);
    expect(damaged(stored.state.errors.map((error: object) => ({ ...error, variance: 0 })))).toThrow(FormatError);
    expect(() => readImageRegressor({ ...stored, type: "materiome/image-classifier" })).toThrow(IncompatibleError);
  });

  it("gives no interval where too few errors are known to say", async () => {
    const learner = createImageRegressor({ filters: [4], epochs: 1, level: 0.99 });
    const fitted = await learner.fit(squares(1, 1), squares(2, 1), run);
    const [first] = await imagesOf(squares(3, 1));
    const { mean, std, lower } = await fitted.predict([first!.image]);
    expect([mean.columns, std!.columns, lower]).toEqual([2, 2, undefined]);
  });

  it("refuses what cannot be learned, with the reason", async () => {
    const learner = createImageRegressor({ filters: [4], epochs: 1 });
    const changed = (y: (value: number, k: number) => number, known = 1): BatchSource => {
      const source = squares(1, 1);
      return {
        ...source,
        async batch(i, random) {
          const batch = await source.batch(i, random);
          return { ...batch, y: batch.y.map(y), known: batch.known!.map((v, k) => (k % 2 === 0 ? v * known : v)) };
        },
      };
    };
    await expect(learner.fit(stripes(1, 1), stripes(2, 1), run)).rejects.toThrow(/only those of kind values/);
    await expect(
      learner.fit(
        changed(() => 3),
        squares(2, 1),
        run,
      ),
    ).rejects.toThrow(/"edge" is 3 in every training image/);
    await expect(
      learner.fit(
        changed((v) => v, 0),
        squares(2, 1),
        run,
      ),
    ).rejects.toThrow(/"edge" is known of no training image/);
    await expect(
      learner.fit(
        squares(1, 1),
        changed((v) => v, 0),
        run,
      ),
    ).rejects.toThrow(/"edge" is known of no validation image/);
    await expect(
      learner.fit(
        changed((v, k) => (k === 4 ? Number.NaN : v)),
        squares(2, 1),
        run,
      ),
    ).rejects.toThrow(/not a finite number/);
    expect(() => createImageRegressor({ level: 1 })).toThrow(/level/);
    expect(() => createImageRegressor({ views: "square", backend: "gpu" as never })).toThrow(/backend/);
  });
});
