import { FormatError } from "@materiome/core";
import { decodeElementAttention } from "../attention/setNets.ts";
import { decodeColumns } from "../auto/columnsPredictor.ts";
import { decodeBoosted } from "../boosting/boostedPredictor.ts";
import { decodeProcess } from "../gaussianProcess/processPredictor.ts";
import { decodeHurdle } from "../hurdle/hurdlePredictor.ts";
import { decodeImputed } from "../imputed/imputedPredictor.ts";
import { decodeLinear } from "../linear/linearPredictor.ts";
import { decodeRidge } from "../linear/ridgePredictor.ts";
import { decodeLogarithmic } from "../logarithmic/logarithmicPredictor.ts";
import { decodeMlp } from "../mlp/mlpPredictor.ts";
import { decodeKernelRidge } from "../neighbours/kernelRidgePredictor.ts";
import { decodeNeighbours } from "../neighbours/neighbourPredictor.ts";
import { decodeSupportVectors } from "../neighbours/supportVectorPredictor.ts";
import { decodeResidual } from "../physics/residualPredictor.ts";
import { decodeQuotients } from "../quotients/quotientPredictor.ts";
import { decodeRanked } from "../ranked/rankedPredictor.ts";
import { decodeStack } from "../stack/stackPredictor.ts";
import { decodeLawPredictor } from "../symbolic/lawPredictor.ts";
import { decodeTask } from "../tasks/taskPredictor.ts";
import { decodeTransfer } from "../transfer/transferPredictor.ts";
import { decodeForest } from "../tree/forestPredictor.ts";
import type { Predictor } from "./predictor.ts";

/** @throws FormatError for a predictor of unknown kind or with damaged numbers */
export function readPredictor(data: unknown, nFeatures: number): Predictor {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  switch (stored["kind"]) {
    case "forest":
      return decodeForest(stored, nFeatures);
    case "linear":
      return decodeLinear(stored, nFeatures);
    case "boosting":
      return decodeBoosted(stored, nFeatures);
    case "stack":
      return decodeStack(stored, (member) => readPredictor(member, nFeatures));
    case "residual":
      return decodeResidual(stored, nFeatures, (rest) => readPredictor(rest, nFeatures));
    case "transfer":
      return decodeTransfer(stored, nFeatures, readPredictor);
    case "law":
      return decodeLawPredictor(stored, nFeatures);
    case "logarithmic":
      return decodeLogarithmic(stored, (member) => readPredictor(member, nFeatures));
    case "neighbours":
      return decodeNeighbours(stored, nFeatures);
    case "kernelRidge":
      return decodeKernelRidge(stored, nFeatures);
    case "supportVectors":
      return decodeSupportVectors(stored, nFeatures);
    case "ridge":
      return decodeRidge(stored, nFeatures);
    case "gaussianProcess":
      return decodeProcess(stored, nFeatures);
    case "task":
      return decodeTask(stored, nFeatures, readPredictor);
    case "columns":
      return decodeColumns(stored, nFeatures, readPredictor);
    case "hurdle":
      return decodeHurdle(stored, nFeatures, readPredictor);
    case "elementAttention":
      return decodeElementAttention(stored, nFeatures);
    case "mlp":
      return decodeMlp(stored, nFeatures);
    case "imputed":
      return decodeImputed(stored, nFeatures, readPredictor);
    case "quotients":
      return decodeQuotients(stored, nFeatures, readPredictor);
    case "ranked":
      return decodeRanked(stored, nFeatures, (member) => readPredictor(member, nFeatures));
    default:
      throw new FormatError(`model: no predictor of kind ${JSON.stringify(stored["kind"])}; the file is damaged`);
  }
}
