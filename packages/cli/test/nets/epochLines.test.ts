import { expect, it } from "vitest";
import { epochLines } from "../../src/nets/epochLines.ts";

it("tells of an epoch at most every ten seconds", () => {
  const notes: string[] = [];
  let time = 0;
  const tell = epochLines({ note: (text) => notes.push(text) }, 30, { what: "fold 2: ", now: () => time });
  const epoch = (n: number) => ({ epoch: n, trainingLoss: 0.5, validationLoss: 0.25, learningRate: 0.1 });
  for (time of [4000, 8000, 12_000, 16_000, 24_000]) tell({ curve: [epoch(time / 4000)], bestEpoch: 1 });
  expect(notes).toEqual([
    "fold 2: epoch 3 of 30: loss 0.500, validation 0.250, best in epoch 1",
    "fold 2: epoch 6 of 30: loss 0.500, validation 0.250, best in epoch 1",
  ]);
});
