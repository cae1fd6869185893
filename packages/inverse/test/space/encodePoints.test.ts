import { createSpace, encodePoints } from "@materiome/inverse";
import { expect, test } from "vitest";

test("numbers lie at their position on their scale, categories at their levels", () => {
  const info = { role: "process", unit: "" } as const;
  const space = createSpace({
    variables: [
      { kind: "continuous", name: "T", ...info, min: 100, max: 300, scale: "linear" },
      { kind: "continuous", name: "t", ...info, min: 1, max: 100, scale: "log" },
      { kind: "category", name: "bath", ...info, columnKind: "category", levels: ["oil", "water"] },
      { kind: "category", name: "gas", ...info, columnKind: "category", levels: ["Ar", "N2", "air"] },
    ],
    fixed: [],
    sums: [],
  });
  const x = encodePoints(space, [Float64Array.of(150, 10, 1, 2), Float64Array.of(350, 1, 0, 0)]);
  expect(x.features.map(({ name }) => name)).toEqual(["T", "t", "bath = water", "gas = Ar", "gas = N2", "gas = air"]);
  expect(Array.from(x.data)).toEqual([0.25, 0.5, 1, 0, 0, 1, 1.25, 0, 0, 1, 0, 0]);
});

test("levels with descriptors lie by these, ordinals by their values, and inactive variables in the middle", () => {
  const info = { role: "process", unit: "" } as const;
  const space = createSpace({
    variables: [
      {
        kind: "category",
        name: "solvent",
        ...info,
        columnKind: "category",
        levels: ["none", "DMF", "DMSO", "GBL"],
        descriptors: { boiling: [0, 153, 189, 204], viscosity: [0, 0.92, 2, 1.7] },
      },
      { kind: "ordinal", name: "grit", ...info, values: [80, 120, 240], when: { name: "solvent", in: ["DMF", "GBL"] } },
      {
        kind: "category",
        name: "gas",
        ...info,
        columnKind: "category",
        levels: ["Ar", "N2", "air"],
        when: { name: "solvent", in: ["none"] },
      },
    ],
    fixed: [],
    sums: [],
  });
  const x = encodePoints(space, [Float64Array.of(1, 120, Number.NaN), Float64Array.of(0, Number.NaN, 1)]);
  expect(x.features.map(({ name }) => name)).toEqual([
    "solvent: boiling",
    "solvent: viscosity",
    "grit",
    "gas = Ar",
    "gas = N2",
    "gas = air",
  ]);
  expect(Array.from(x.data)).toEqual([0.75, 0.46, 0.25, 0, 0, 0, 0, 0, 0.5, 0, 1, 0]);
});
