import { createRandom, readTable, type Table } from "@materiome/core";
import { trainPropertyModel } from "@materiome/forward";
import { describe, expect, it } from "vitest";

const run = { random: createRandom(1), threads: 1 };

function train(table: Table): ReturnType<typeof trainPropertyModel> {
  return trainPropertyModel(table, { targets: ["Hardness"], model: "ridge", features: ["fractions"], folds: 3 }, run);
}

describe("domain of what no training row had", () => {
  const alloys = Array.from({ length: 20 }, (_, i) => `Fe${80 - i}Cr${10 + i}Ni${10 + (i % 4)},${200 + 3 * i}`);

  it("names elements of a formula, with a score in widths of the other amounts", async () => {
    const { model } = await train(readTable(`alloy,Hardness (HV)\n${alloys.join("\n")}\n`));
    const { domain } = await model.predict(readTable("alloy\nFe70Cr18Ni12\nFe50Cr14Ni11Cu25\nFe40Cr10Ni10Cu35Mo5\n"));
    expect(Array.from(domain?.inDomain ?? [])).toEqual([1, 0, 0]);
    expect(domain?.reason(1)).toMatch(/^alloy has Cu \(25 at%\), in no training row/);
    expect(domain?.reason(1)).not.toContain("other elements");
    expect(domain?.reason(2)).toMatch(/^alloy has Cu \(35 at%\), Mo \(5 at%\), in no training row/);
    const [, some = 0, more = 0] = domain?.score ?? [];
    expect(some).toBeGreaterThan(2);
    expect(more).toBeGreaterThan(some);
    expect(more).toBeLessThan(20);
  });

  it("measures a column that was 0 throughout by columns of its unit, and without those says 2", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${0.1 + 0.01 * i},0,0,${200 + 3 * i}`);
    const { model } = await train(readTable(`C (wt%),Mo (wt%),Stress (MPa),Hardness (HV)\n${rows.join("\n")}\n`));
    const { domain } = await model.predict(readTable("C (wt%),Mo (wt%),Stress (MPa)\n0.2,0,0\n0.2,0.38,0\n0.2,0,50\n"));
    expect(Array.from(domain?.inDomain ?? [])).toEqual([1, 0, 0]);
    expect(domain?.score[1]).toBeCloseTo(3, 9); // 1 + 0.38 / 0.19
    expect(domain?.score[2]).toBe(2);
    expect(domain?.reason(1)).toBe("Mo is 0.38 wt%, and 0 wt% in all training rows");
  });
});
