import type { FeatureMatrix, Table } from "@materiome/core";
import type { TableEncoder } from "@materiome/core/features";
import { checkDomain, fitDomain } from "./domain.ts";
import { odditiesOf } from "./oddities.ts";

/** Nearest training rows that are kept of each held-out row. */
export const NEIGHBOURS = 2;

/** What the training rows of its fold say of each row while it is held out. */
export interface HeldOutDomain {
  readonly inDomain: Uint8Array;
  readonly domainScore: Float64Array;
  /** Why a row is outside; undefined inside. */
  readonly domainReasons: readonly (string | undefined)[];
  /** The training rows of the fold that are nearest in feature space, [n, 2], nearest first; −1 where there are fewer. */
  readonly neighbours: Int32Array;
}

export interface FoldDomains extends HeldOutDomain {
  add(fold: DescribedFold): void;
}

export interface DescribedFold {
  readonly encoder: TableEncoder;
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly known: FeatureMatrix;
  readonly encoded: FeatureMatrix;
  /** Of all rows; each row its own without. */
  readonly groups: Int32Array | undefined;
  readonly trainTable: Table;
  readonly testTable: Table;
}

/** Collects, fold by fold, whether held-out rows lie where the fold's training rows are. */
export function createFoldDomains(nRows: number): FoldDomains {
  const inDomain = new Uint8Array(nRows);
  const domainScore = new Float64Array(nRows).fill(Number.NaN);
  const domainReasons = new Array<string | undefined>(nRows).fill(undefined);
  const neighbours = new Int32Array(nRows * NEIGHBOURS).fill(-1);
  return {
    inDomain,
    domainScore,
    domainReasons,
    neighbours,
    add({ encoder, train, test, known, encoded, groups, trainTable, testTable }: DescribedFold): void {
      const trained = fitDomain(
        known,
        train.map((row) => groups?.[row] ?? row),
      );
      const found = checkDomain(trained, encoded, odditiesOf(encoder, testTable, trainTable), NEIGHBOURS);
      for (const [i, row] of test.entries()) {
        inDomain[row] = found.inDomain[i] as number; // one per test row, here and below
        domainScore[row] = found.score[i] as number;
        domainReasons[row] = found.reason(i);
        for (let k = 0; k < found.k; k++) {
          neighbours[row * NEIGHBOURS + k] = train[found.neighbours[i * found.k + k] as number] as number; // a training row
        }
      }
    },
  };
}
