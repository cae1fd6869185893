import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PriorityQueue } from "../../src/segment/priorityQueue.ts";

describe("PriorityQueue", () => {
  it("gives back what was put in, in order, also between pushes", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 }))), (steps) => {
        const queue = new PriorityQueue<number>((a, b) => a < b);
        const plain: number[] = [];
        for (const step of steps) {
          if (step === null) expect(queue.pop()).toBe(plain.shift());
          else {
            queue.push(step);
            plain.push(step);
            plain.sort((a, b) => a - b);
          }
        }
        while (plain.length > 0) expect(queue.pop()).toBe(plain.shift());
        expect(queue.pop()).toBeUndefined();
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
