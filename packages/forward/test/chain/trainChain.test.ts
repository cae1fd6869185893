import { closeWorkers, createRandom, readTable, type Table, type TableModel } from "@materiome/core";
import { reader, trainChain } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";

afterAll(closeWorkers);

/** Three specimens of each of ten heats: d = 10 + 0.1 (T − 900) µm ± noise, σ = 300 − 4 d MPa ± noise. */
function specimens(change: (row: number, values: [number, number]) => [number, number] = (_, v) => v): Table {
  const random = createRandom(1);
  const lines = Array.from({ length: 30 }, (_, i) => {
    const t = 900 + 200 * random.next();
    const d = 10 + 0.1 * (t - 900) + 1.5 * random.normal();
    const [size, strength] = change(i, [d, 300 - 4 * d + 3 * random.normal()]);
    return `heat ${Math.floor(i / 3)},${t.toFixed(2)},${size.toFixed(3)},${strength.toFixed(2)}`;
  });
  const roles = { Heat: "group", Temperature: "process", "Grain size": "structure", Strength: "property" } as const;
  return readTable(`Heat,Temperature (°C),Grain size (µm),Strength (MPa)\n${lines.join("\n")}\n`, {
    schema: { version: 1, columns: Object.entries(roles).map(([name, role]) => ({ name, role })) },
  });
}

const train = (table: Table, folds = 5) =>
  trainChain(
    table,
    {
      first: { targets: ["Grain size"], inputs: ["Temperature"], model: "ridge", folds: 2 },
      second: { targets: ["Strength"], inputs: ["Grain size"], model: "ridge", folds: 2 },
      folds,
    },
    { random: createRandom(1), threads: 1 },
  );

describe("trainChain", () => {
  it("predicts every training row end to end about as well as the noise of both links allows", async () => {
    const { chain, first, second } = await train(specimens());
    const measured = chain.training.number("Strength").values;
    const errors = Array.from(measured, (value, i) => value - (chain.heldOut?.data[i] ?? Number.NaN));
    // √((4 · 1.5)² + 3²) = 6.7 MPa
    const rms = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    expect(rms).toBeGreaterThan(4.5);
    expect(rms).toBeLessThan(9);
    expect(chain.inputs.map(({ name }) => name)).toEqual(["Temperature"]);
    expect(first.outOfFold[0]?.target).toBe("Grain size");
    expect(second.outOfFold[0]?.target).toBe("Strength");
    const again = (await reader.read(JSON.parse(JSON.stringify(chain)), reader)) as unknown as TableModel &
      typeof chain;
    expect(again.heldOut).toEqual(chain.heldOut);
    expect(again.training.number("Strength").values).toEqual(measured);
  });

  it("keeps the whole heat out of both links when one of its rows is predicted", async () => {
    const before = (await train(specimens())).chain.heldOut?.data;
    // What was measured of the second heat becomes nonsense: the predictions of its rows must not notice, those of others do.
    const nonsense = specimens((row, values) => (row >= 3 && row < 6 ? [values[0] + 40, values[1] - 500] : values));
    const after = (await train(nonsense)).chain.heldOut?.data;
    expect(after?.slice(3, 6)).toEqual(before?.slice(3, 6));
    expect(after?.[0]).not.toBe(before?.[0]);
  });

  it("refuses a single fold", async () => {
    await expect(train(specimens(), 1)).rejects.toThrow(/at least 2, got 1/);
  });
});
