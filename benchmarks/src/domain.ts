/**
 * Whether the applicability domain knows where a model goes wrong: half of the test rows are like the training rows, half of a
 * family that training has none of. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/domain.ts
 *
 * Options: --json, --model NAME (default extra-trees), --threads N (default 2), --seed N (default 1).
 *
 * Families: main element of an alloy, material of a printed part, cement replacements of a concrete. Each with 20 rows to half of the
 * rows is held out in turn, with as many rows of whole groups of the others. Errors in the largest quarter of a test set count as
 * large. Retention: mean absolute error of the rows of least score, as a share of that of all.
 */
import { closeWorkers, createRandom, readTableFile, shuffle, type Table, takeTableRows } from "@materiome/core";
import { compositionsOf } from "@materiome/core/composition";
import { findDatasetFile } from "@materiome/datasets";
import { areaUnderRoc, MODEL_NAMES, trainPropertyModel } from "@materiome/forward";
