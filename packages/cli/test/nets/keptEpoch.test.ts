import { expect, it } from "vitest";
import { keptEpoch } from "../../src/nets/keptEpoch.ts";

it("says which epoch is kept, and when more may help", () => {
  const curve = [1, 2, 3].map((epoch) => ({ epoch }));
  expect(keptEpoch(curve, 3)).toMatch(/last epoch, 3, was the best: more --epochs/);
  expect(keptEpoch(curve, 2)).toMatch(/Epoch 2 of 3/);
});
