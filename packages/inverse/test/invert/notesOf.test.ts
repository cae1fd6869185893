import { createRandom, Table } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { invert, parseSpec, spaceFromTable } from "../../src/index.ts";
import { GIVEN, steelModel, steelTable } from "../steels.ts";

/** The steels, whose strength carries no unit. Strengths are 485 to 700. */
async function notesFor(text: string): Promise<string> {
  const table = steelTable();
  const training = new Table(table.columns.map((c) => (c.name === "Strength (A)" ? { ...c, unit: "" } : c)));
  const model = steelModel({
    training,
    targets: [
      { name: "Strength (A)", unit: "" },
      { name: "Elongation", unit: "%" },
    ],
  });
  const space = spaceFromTable(training, { inputs: model.inputs, fix: GIVEN });
  const specs = [parseSpec(text, model.targets)];
  const { diagnostics } = await invert(model, {
    specs,
    space,
    random: createRandom(1),
    maxEvaluations: 300,
    explore: false,
  });
  return diagnostics.notes.join("\n");
}

describe("the note on a unit that nothing can check", () => {
  it.each(["Strength (A)>=600 MPa", "Strength (A)>=3000 MPa"])("for %s says what was assumed", async (text) => {
    expect(await notesFor(text)).toMatch(/in MPa, which nothing here can check\.$/m);
  });

  it.each(["Strength (A)>=0.6 GPa", "Strength (A)<=600000 kPa"])("refuses %s as a slip of units", async (text) => {
    await expect(notesFor(text)).rejects.toThrow(/the table's own numbers; those measured are \d+ … .*slip of units/);
  });
});

it("a window that too few predictions are allowed for is said to be missing", async () => {
  const model = steelModel({ training: steelTable() });
  const space = spaceFromTable(steelTable(), { inputs: model.inputs, fix: GIVEN });
  const ask = (maxWindowEvaluations: number) =>
    invert(model, {
      specs: [parseSpec("Elongation>=5 %", model.targets)],
      space,
      random: createRandom(1),
      maxEvaluations: 200,
      maxWindowEvaluations,
    });
  const { window, diagnostics } = await ask(20);
  expect(window).toBeNull();
  expect(diagnostics.notes.join()).toContain("No process window and no routes: so few predictions");
});
