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
  const { diagnostics } = await invert(model, { specs, space, random: createRandom(1), maxEvaluations: 300 });
  return diagnostics.notes.join("\n");
}

describe("the note on a unit that nothing can check", () => {
  it.each([
    [
      "Strength (A)>=0.6 GPa",
      /in GPa, which nothing here can check; 0\.6 is far from the measured \d+ … \d+(\.\d+)?, perhaps a slip of units\./,
    ],
    ["Strength (A)<=600000 kPa", /; 600000 is far from the measured .*perhaps a slip of units\./],
    ["Strength (A)>=600 MPa", /in MPa, which nothing here can check\.$/m],
    ["Strength (A)>=3000 MPa", /in MPa, which nothing here can check\.$/m],
  ])("for %s says whether it may be a slip", async (text, expected) => {
    expect(await notesFor(text)).toMatch(expected);
  });
});
