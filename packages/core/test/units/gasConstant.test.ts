import { GAS_CONSTANT_J_PER_MOL_K } from "@materiome/core";
import { expect, it } from "vitest";

it("is the product of the constants that the SI fixes", () => {
  expect(GAS_CONSTANT_J_PER_MOL_K).toBe(Number((6.02214076e23 * 1.380649e-23).toPrecision(15)));
});
