import { forestEngine } from "./forestEngine.ts";
import type { CodedTrees } from "./walkForest.ts";

/** Trees whose leaves hold one number each; tree t counts for output t mod nOutputs. */
export interface ValuedTrees extends CodedTrees {
  /** [nLeaves] */
  readonly values: Float64Array;
  readonly nOutputs: number;
}

/** Room for `block` samples; both arrays live in memory of the module and are gone when the job ends. */
export interface LeafValueWalk {
  /** [block, nFeatures] */
  readonly codes: Uint8Array;
  /** One array for each output, [block], filled by `walk`. */
  readonly sums: readonly Float64Array[];
  /** Sums the values of the leaves that the first n samples reach, tree after tree. */
  walk(n: number): void;
}

/**
 * Lets `job` send blocks of coded samples through trees, which are copied into the WebAssembly module once. A sum does not
 * depend on the other samples of the block. Trusts the trees: node numbers and features out of range are not looked for.
 *
 * @param block - most samples of one walk
 * @throws DomainError if more than 4 GiB would be needed
 * @example
 * walkLeafValues(trees, nFeatures, 4096, ({ codes, sums, walk }) => {
 *   codes.set(coded);
 *   walk(coded.length / nFeatures);
 *   out.set(sums[0]);
 * });
 */
export function walkLeafValues(
  trees: ValuedTrees,
  nFeatures: number,
  block: number,
  job: (trees: LeafValueWalk) => void,
): void {
  const { treeStart, nodes, leafOf, values, nOutputs } = trees;
  const room = 4 * Math.ceil(block / 4);
  const lengths = [
    Math.ceil(treeStart.length / 2),
    Math.ceil(nodes.length / 2),
    Math.ceil(leafOf.length / 2),
    values.length,
    Math.ceil((room * nFeatures) / 8),
    room * nOutputs,
  ];
  forestEngine.use("walkLeafValues", lengths, (wasm, addresses, view) => {
    const [atStart = 0, atNodes = 0, atLeaf = 0, atValues = 0, atCodes = 0, atSums = 0] = addresses;
    const { buffer } = view(atStart, 0);
    new Int32Array(buffer, atStart, treeStart.length).set(treeStart);
    new Int32Array(buffer, atNodes, nodes.length).set(nodes);
    new Int32Array(buffer, atLeaf, leafOf.length).set(leafOf);
    view(atValues, values.length).set(values);
    const sums = Array.from({ length: nOutputs }, (_, k) => view(atSums + 8 * k * room, room));
    job({
      codes: new Uint8Array(buffer, atCodes, room * nFeatures),
      sums,
      walk(n: number): void {
        for (const sum of sums) sum.fill(0);
        const nTrees = treeStart.length - 1;
        wasm.walkValues(n, nFeatures, atCodes, nTrees, atStart, atNodes, atLeaf, nOutputs, atValues, room, atSums);
      },
    });
  });
}
