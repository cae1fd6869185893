import { createRandom } from "@materiome/core";
import { type CodedForest, walkForest, walkLeafValues } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";

/** Trees of random shape, depth at most eight, and the shares of a sample by following them in the plain way. */
function randomForest(nTrees: number, nFeatures: number, nClasses: number, seed: number): CodedForest {
  const random = createRandom(seed);
  const nodes: number[] = [];
  const treeStart = [0];
  for (let t = 0; t < nTrees; t++) {
    const pending = [{ node: nodes.length / 2, depth: 0 }];
    nodes.push(0, 0);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { node, depth } = next;
      if (depth === 8 || random.next() < 0.1) {
        nodes[2 * node] = 255;
        nodes[2 * node + 1] = node;
        continue;
      }
      const left = nodes.length / 2;
      nodes[2 * node] = (random.int(nFeatures) << 8) | random.int(255);
      nodes[2 * node + 1] = left;
      nodes.push(0, 0, 0, 0);
      pending.push({ node: left, depth: depth + 1 }, { node: left + 1, depth: depth + 1 });
    }
    treeStart.push(nodes.length / 2);
  }
  const leafOf = new Int32Array(nodes.length / 2);
  let nLeaves = 0;
  for (let k = 0; k < leafOf.length; k++) if (nodes[2 * k + 1] === k) leafOf[k] = nLeaves++;
  const shares = Uint16Array.from({ length: nLeaves * nClasses }, () => random.int(65536));
  return { treeStart: Int32Array.from(treeStart), nodes: Int32Array.from(nodes), leafOf, shares, nClasses };
}

describe("walkForest", () => {
  it.each([
    [1, 1, 2],
    [7, 3, 1],
    [13, 300, 5],
  ])(
    "%d trees, %d features, %d classes: the sums of a plain walk, for any number of samples",
    (nTrees, d, nClasses) => {
      const forest = randomForest(nTrees, d, nClasses, nTrees);
      const random = createRandom(2);
      const n = 37;
      const codes = Uint8Array.from({ length: n * d }, () => random.int(256));
      const expected = new Int32Array(n * nClasses);
      for (let i = 0; i < n; i++) {
        for (let t = 0; t < nTrees; t++) {
          let k = forest.treeStart[t];
          while (forest.nodes[2 * k + 1] !== k) {
            const word = forest.nodes[2 * k];
            k = forest.nodes[2 * k + 1] + (codes[i * d + (word >> 8)] > (word & 255) ? 1 : 0);
          }
          for (let c = 0; c < nClasses; c++)
            expected[i * nClasses + c] += forest.shares[forest.leafOf[k] * nClasses + c];
        }
      }
      for (const size of [1, 4, 6, 37]) {
        const found = new Int32Array(n * nClasses);
        walkForest(forest, d, size, (block) => {
          for (let first = 0; first < n; first += size) {
            const count = Math.min(size, n - first);
            block.codes.set(codes.subarray(first * d, (first + count) * d));
            block.walk(count);
            found.set(block.sums.subarray(0, count * nClasses), first * nClasses);
          }
        });
        expect(found).toEqual(expected);
      }
    },
  );
});

describe("walkLeafValues", () => {
  it.each([
    [1, 1, 1],
    [12, 3, 3],
    [300, 9, 1],
  ])("%d trees, %d features, %d outputs: the sums of a plain walk, whatever the block", (nTrees, d, nOutputs) => {
    const { treeStart, nodes, leafOf } = randomForest(nTrees, d, 1, nTrees);
    const random = createRandom(3);
    const values = Float64Array.from({ length: 1 + Math.max(...leafOf) }, () => random.normal());
    const n = 37;
    const codes = Uint8Array.from({ length: n * d }, () => random.int(256));
    const expected = new Float64Array(n * nOutputs);
    for (let t = 0; t < nTrees; t++) {
      for (let i = 0; i < n; i++) {
        let k = treeStart[t];
        while (nodes[2 * k + 1] !== k) {
          const word = nodes[2 * k];
          k = nodes[2 * k + 1] + (codes[i * d + (word >> 8)] > (word & 255) ? 1 : 0);
        }
        expected[i * nOutputs + (t % nOutputs)] += values[leafOf[k]];
      }
    }
    for (const size of [1, 6, 37]) {
      const found = new Float64Array(n * nOutputs);
      walkLeafValues({ treeStart, nodes, leafOf, values, nOutputs }, d, size, (block) => {
        for (let first = 0; first < n; first += size) {
          const count = Math.min(size, n - first);
          block.codes.set(codes.subarray(first * d, (first + count) * d));
          block.walk(count);
          for (let i = 0; i < count; i++) {
            for (let k = 0; k < nOutputs; k++) found[(first + i) * nOutputs + k] = block.sums[k][i];
          }
        }
      });
      expect(found).toEqual(expected);
    }
  });
});
