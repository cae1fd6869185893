import { type Column, createNumberColumn, createRandom, Table, takeTableRows } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { type InvertOptions, invert, parseSpec, type SpaceFromTableOptions, spaceFromTable } from "../../src/index.ts";
import { GIVEN, steelModel, steelTable } from "../steels.ts";

interface Ask {
  readonly model?: ReturnType<typeof steelModel>;
  readonly space?: Omit<SpaceFromTableOptions, "inputs">;
  readonly options?: Partial<InvertOptions>;
}

async function refusalOf(
  specs: readonly string[],
  { model = steelModel(), space = { fix: GIVEN }, options }: Ask = {},
) {
  const result = await invert(model, {
    specs: specs.map((text) => parseSpec(text, model.targets)),
    space: spaceFromTable(model.training, { inputs: model.inputs, ...space }),
    random: createRandom(1),
    ...options,
  });
  if (result.refused === undefined) throw new Error("expected a refusal");
  expect(result.candidates).toEqual([]);
  return result.refused;
}

/** The first rows of a column. */
function head(n: number): (column: Column) => Column {
  return (column) =>
    takeTableRows(
      new Table([column]),
      Array.from({ length: n }, (_, i) => i),
    ).columns[0]!;
}

describe("a refusal", () => {
  it("names the best reachable and what was ever measured, for a target beyond all data", async () => {
    const { reason, best, limiting } = await refusalOf(["Strength (A)>=3000 MPa"]);
    expect(reason).toBe(
      "Strength (A) >= 3000 MPa is out of reach: inside bounds and domain the best setting meets it with probability 0 %, below the 50 % asked for; it predicts Strength (A) 660 MPa (643.6 to 676.4)",
    );
    expect(best?.predicted.mean).toBe(660);
    expect(best?.settings).toContainEqual({ name: "temperature", value: 600, unit: "degC" });
    expect(best?.settings).toContainEqual({ name: "atmosphere", value: "argon", unit: "" });
    expect(limiting.cause).toBe("beyondData");
    const values = [...steelModel().training.number("Strength (A)").values];
    const highest = Math.max(...values);
    expect(limiting.closestMeasured).toEqual([
      { target: "Strength (A)", unit: "MPa", value: highest, row: values.indexOf(highest) },
    ]);
    expect(limiting.text).toContain(`the highest Strength (A) ever measured in the training rows is`);
    expect(limiting.text).toContain(`(row ${values.indexOf(highest) + 2} of the training table)`);
  });

  it("says so where bounds leave no setting that keeps a sum", async () => {
    const { training } = steelModel();
    const share = (name: string, of: (t: number) => number) =>
      createNumberColumn(name, [1, 2, 3, 4].map(of), { role: "composition", unit: "wt%" });
    const table = new Table([share("a", (t) => 10 * t), share("b", (t) => 100 - 10 * t)]);
    const inputs = table.columns.map(({ name, role, unit }) => ({ name, role, unit }));
    const model = {
      ...steelModel(),
      inputs,
      training: new Table([...table.columns, ...training.columns.map(head(4))]),
    };
    const space = spaceFromTable(table, { inputs, bounds: { a: { min: 10, max: 15 }, b: { min: 60, max: 70 } } });
    const specs = [parseSpec("Strength (A)>=600 MPa", model.targets)];
    await expect(invert(model, { specs, space, random: createRandom(1) })).rejects.toThrow(
      /no setting within the bounds .* keeps a \+ b at 100; widen bounds/,
    );
    const stray = { specs, space: spaceFromTable(table, { inputs, fix: { a: 99 } }), random: createRandom(1) };
    await expect(invert(model, stray)).rejects.toThrow(
      "invert: a is fixed at 99 wt%, outside the 10 … 40 wt% of the training rows; with it no setting keeps the sums",
    );
  });

  it("works downwards too", async () => {
    const { limiting } = await refusalOf(["Strength (A)<=100 MPa"]);
    expect(limiting.text).toContain("the lowest Strength (A) ever measured");
  });

  it("names the fixed input that keeps the target out of reach, and what freeing it would give", async () => {
    const fix = { ...GIVEN, C: 0.2 };
    const { limiting } = await refusalOf(["Strength (A)>=610 MPa"], { space: { fix } });
    expect(limiting).toMatchObject({ cause: "fixed", name: "C" });
    // At 0.5 % C the mean is 700 MPa: 9 standard deviations above.
    expect(limiting.relaxations[0]).toMatchObject({ name: "C", kind: "fixed", value: 0.5, mean: 700, inDomain: true });
    expect(limiting.relaxations[0].probability).toBeCloseTo(1, 6);
    expect(limiting.text).toBe('"C" is fixed; at 0.5 wt% the probability would be 100 %');
  });

  it("frees nothing beyond what a constraint of the space allows", async () => {
    const model = steelModel();
    const space = spaceFromTable(model.training, { inputs: model.inputs, fix: { ...GIVEN, C: 0.2 } });
    const constraints = [{ kind: "linear", terms: [{ name: "C", coefficient: 1 }], max: 0.3 }] as const;
    const { limiting } = await refusalOf(["Strength (A)>=610 MPa"], { options: { space: { ...space, constraints } } });
    const freed = limiting.relaxations.filter(({ name }) => name === "C");
    expect(freed.length).toBeGreaterThan(0);
    for (const { value } of freed) expect(value).toBeLessThanOrEqual(0.3);
  });

  it("names the bound that keeps the target out of reach", async () => {
    const bounds = { temperature: { min: 500, max: 530 } };
    const { best, limiting } = await refusalOf(["Strength (A)>=640 MPa"], { space: { fix: GIVEN, bounds } });
    expect(best?.settings).toContainEqual({ name: "temperature", value: 530, unit: "degC" });
    expect(limiting).toMatchObject({ cause: "bound", name: "temperature" });
    expect(limiting.relaxations[0]).toMatchObject({ kind: "bound", value: 600, mean: 660 });
  });

  it("says that the domain ends before the target is reached", async () => {
    const model = steelModel({ domainScore: (row) => (Number(row["temperature"]) > 540 ? 3 : 0) });
    const space = { fix: { ...GIVEN, C: 0.5 } };
    const { best, limiting } = await refusalOf(["Strength (A)>=680 MPa"], { model, space });
    expect(best?.predicted.mean).toBe(664);
    expect(best?.inDomain).toBe(true);
    expect(limiting.cause).toBe("domain");
    expect(limiting.relaxations[0]).toMatchObject({ name: "temperature", kind: "domain", inDomain: false });
  });

  it("says so where nothing at all is inside the domain", async () => {
    const model = steelModel({ domainScore: () => 5 });
    const { best, reason, limiting } = await refusalOf(["Strength (A)>=600 MPa"], { model });
    expect(best).toBeUndefined();
    expect(reason).toMatch(/none of the \d+ settings tried lies inside the model's domain/);
    expect(limiting.cause).toBe("domain");
  });

  it("names a fixed value outside the training rows before all else", async () => {
    const model = steelModel({ domainScore: (row) => (Number(row["C"]) > 0.5 ? 200 : 0) });
    const { best, reason, limiting } = await refusalOf(["Strength (A)>=5000 MPa"], {
      model,
      space: { fix: { ...GIVEN, C: 99 } },
    });
    const text = "C is fixed at 99 wt%, outside the 0.2 … 0.5 wt% of the training rows";
    expect(best).toBeUndefined();
    expect(limiting).toMatchObject({ cause: "fixed", name: "C", text });
    expect(reason).toMatch(/none of the \d+ settings tried lies inside the model's domain.*: C is fixed at 99 wt%/);
  });

  it("counts rows as the file they came from does", async () => {
    const table = steelTable();
    const training = new Table(
      table.columns,
      "steels.csv",
      Int32Array.from({ length: table.nRows }, (_, i) => 100 + i),
    );
    const { limiting } = await refusalOf(["Strength (A)>=3000 MPa"], { model: steelModel({ training }) });
    expect(limiting.text).toContain(`(row ${100 + limiting.closestMeasured[0].row} of the training table)`);
  });

  it("tells a conflict of two targets from a target out of reach", async () => {
    // Elongation is 60 - 0.05 strength: 33 % at 540 MPa, but 28 % at 640 MPa; the spread is 1 MPa and 1 %.
    const model = steelModel({ std: 1 });
    const { limiting } = await refusalOf(["Strength (A)>=640 MPa", "Elongation>=31.5 %"], { model });
    expect(limiting.cause).toBe("conflict");
  });

  it("tells scatter from a mean that falls short", async () => {
    const { best, limiting } = await refusalOf(["Strength (A)=600±3 MPa"]);
    expect(Math.abs((best?.predicted.mean ?? 0) - 600)).toBeLessThan(3);
    expect(best?.probability).toBeCloseTo(0.23, 2); // P(|z| < 0.3) = 0.2358 where the mean is 600
    expect(limiting.cause).toBe("uncertainty");
    expect(limiting.text).toMatch(
      /^at the best setting the mean Strength \(A\), (59[7-9]|60[0-3])\S* MPa, meets "Strength \(A\) 597\.\.603 MPa", but measurements scatter around it from 58\S+ to 61\S+ MPa, and 23\S* % of them meet it; more data/,
    );
  });

  it("names the given inputs that differ from rows that reach it", async () => {
    const fix = { C: 0.2, inclusions: 0.15, "test temperature": 20 };
    const { limiting } = await refusalOf(["Strength (A)>=670 MPa"], { space: { fix } });
    // At best 565 MPa; 0.5 % C would give 685 MPa, and without inclusions 700 MPa, but two changes are not tried.
    expect(limiting).toMatchObject({ cause: "fixed", name: "C" });
    const sure = { space: { fix }, options: { minProbability: 0.9 } };
    const { limiting: harder } = await refusalOf(["Strength (A)>=682 MPa"], sure);
    expect(harder).toMatchObject({ cause: "given", name: "C" });
    expect(harder.text).toContain('with other values of "C", "inclusions"');
    const { limiting: hardest } = await refusalOf(["Strength (A)>=682 MPa", "Elongation>=1 %"], sure);
    expect(hardest.text).toMatch(
      /^training rows reach each target \(row \d+ of the training table measured Strength \(A\) 6/,
    );
  });

  it("does not count on a measurement that the model does not explain", async () => {
    const table = steelTable();
    const lucky = Float64Array.from(table.number("Strength (A)").values);
    lucky[0] = 900;
    const training = new Table(
      table.columns.map((c) => (c.name === "Strength (A)" && c.kind === "number" ? { ...c, values: lucky } : c)),
    );
    const model = steelModel({ training });
    const space = { vary: ["inclusions", "test temperature"] };
    const { limiting } = await refusalOf(["Strength (A)>=880 MPa"], { model, space });
    expect(limiting.cause).toBe("model");
    expect(limiting.text).toContain("row 2 of the training table measured 900 MPa");
  });

  it("depends on the probability that is asked for", async () => {
    const specs = ["Strength (A)>=655 MPa"];
    const { best } = await refusalOf(specs, { options: { minProbability: 0.7 } });
    expect(best?.probability).toBeCloseTo(0.6915, 4);
    await expect(refusalOf(specs, { options: { minProbability: 0.69 } })).rejects.toThrow("expected a refusal");
  });
});
