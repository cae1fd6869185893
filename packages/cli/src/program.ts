import type { ClassModelName, ModelName } from "@materiome/forward";
import { Command, Option } from "commander";
import { addCampaignCommands } from "./campaignProgram.ts";
import { addImagesCommands } from "./imagesProgram.ts";
import { addSegmentCommands } from "./segmentProgram.ts";
import {
  command,
  dataBar,
  example,
  integerFrom,
  otherColour,
  otherScale,
  positive,
  probability,
  tableCommand,
  views,
} from "./terminal/commandOptions.ts";
import type { SetExitCode } from "./terminal/exitCodes.ts";
import { type CommonOptions, Session } from "./terminal/session.ts";
import { materiomeVersion } from "./version.ts";

/**
 * The commands of `materiome`. Each action loads its own module when called, so that `--help` starts in the time that
 * Node and commander need.
 */
export function createProgram(signal: AbortSignal, setExitCode: SetExitCode): Command {
  const program = new Command("materiome")
    .description("Materials genomics: micrographs to numbers, process → structure → property, and back.")
    .version(materiomeVersion())
    .exitOverride()
    .showHelpAfterError("(materiome <command> --help shows options and an example)")
    .configureHelp({ sortOptions: false });

  const session = (options: CommonOptions): Session => new Session(options, signal);

  command(program, "demo", "the whole loop on data it makes itself: simulate, digitize, train, invert, check")
    .option("--out <dir>", "folder for report.html and summary.json", "out/demo")
    .addHelpText("after", example("materiome demo --out out/demo"))
    .action(async (options) => {
      const { runDemoCommand } = await import("./commands/demo.ts");
      await runDemoCommand(options, session(options));
    });

  command(program, "digitize", "micrographs to grains, grain size by ASTM E112, overlays and a report")
    .argument(
      "[images...]",
      "micrographs (PNG, JPEG, WebP, TIFF), folders of them, or patterns such as 'fields/**/*.tif'",
    )
    .requiredOption("--out <dir>", "folder for labels, overlays, tables and the report")
    .option("--pixel-size <um>", "edge of a pixel in µm; overrides the file's own calibration", positive)
    .addOption(
      new Option("--method <name>", "what is looked for, and how; auto chooses by the image and says why")
        .choices(["auto", "lines", "dark", "bright", "colour", "contrast", "particles", "pores", "layers"])
        .default("auto"),
    )
    .addOption(
      new Option("--twins <rule>", "whether the parts of a twinned grain count as one")
        .choices(["keep", "merge"])
        .default("keep"),
    )
    .addOption(dataBar())
    .option("--model <file>", "model that `segment train` or `segment average` wrote, in place of a method")
    .addOption(otherScale())
    .addOption(otherColour())
    .addOption(views())
    .addOption(
      new Option("--export <formats...>", "also write the regions for other tools").choices([
        "coco",
        "labelme",
        "geojson",
        "imagej",
      ]),
    )
    .option("--samples <map.csv>", "columns `file` and `specimen`: fields of one specimen are pooled")
    .option("--labels <files...>", "corrected label images to measure instead of segmenting")
    .option("--operator <name>", "for the header of the report")
    .option("--magnification <text>", "for the header of the report, as in 'x500'")
    .option("--deviations <text>", "deviations from the standard, for the header of the report")
    .option("--resume", "go on with a batch that was stopped: what is measured and unchanged is not measured again")
    .addHelpText("after", example("materiome digitize fields/*.tif --pixel-size 0.225 --out out/steel"))
    .action(async (images: string[], options) => {
      const { runDigitizeCommand } = await import("./commands/digitize.ts");
      await runDigitizeCommand(images, options, session(options), setExitCode);
    });

  addSegmentCommands(program, session, setExitCode);
  addImagesCommands(program, session, setExitCode);

  tableCommand(program, "describe", "what a table is read as: roles, units, ranges, groups, repeated rows")
    .argument("<table>", "table of samples: CSV, TSV, XLSX, Parquet or JSON records")
    .option("--write-schema <file>", "write the roles and units, to be edited and given to --schema")
    .addHelpText("after", example("materiome describe steels.xlsx --write-schema steels.schema.json"))
    .action(async (table: string, options) => {
      const { runDescribeCommand } = await import("./commands/describe.ts");
      await runDescribeCommand(table, options, session(options));
    });

  tableCommand(program, "featurize", "composition, process and structure columns as named features with units")
    .argument("[table]", "table of samples: CSV, TSV, XLSX, Parquet or JSON records")
    .option("--out <file>", "CSV to write")
    .option("--features <sets...>", "features of formulas: names, or name:preset (--list shows all)")
    .option("--target <columns...>", "columns that are no inputs, and that steps may select by")
    .option("--balance <element>", "element that makes up the rest of the element columns; adds features of the alloy")
    .option("--amount-unit <unit>", "unit of element columns that state none, wt% or at%; adds features of the alloy")
    .option("--derive <expressions...>", 'further features, as in "energy = P / (v * h * t)"')
    .option("--schedule <file>", "JSON that says which columns are which steps of the process; adds its physics")
    .option("--steps <file>", "scaling, imputation, selection, … as JSON")
    .option("--keep [columns...]", "columns to copy; without names: id, group and target columns")
    .option("--list", "print the features, steps and their sources")
    .addHelpText(
      "after",
      example("materiome featurize alloys.csv --features fractions magpie:matminer --keep --out features.csv"),
    )
    .action(async (table: string | undefined, options) => {
      const { runFeaturizeCommand } = await import("./commands/featurize.ts");
      await runFeaturizeCommand(table, options, session(options), setExitCode);
    });

  tableCommand(program, "train", "cross-validates, fits, calibrates and saves a property model")
    .argument("<table>", "table of samples: CSV, TSV, XLSX, Parquet or JSON records")
    .requiredOption("--target <columns...>", "property column(s) to predict; a column of text is learnt as classes")
    .option("--features <sets...>", "features of formula columns: names, or name:preset (featurize --list shows all)")
    .option("--steps <file>", "imputation, scaling, selection, … as JSON; fitted inside each fold")
    .addOption(
      new Option("--model <name>", "learner; auto chooses by inner folds; logistic and support-vectors are for classes")
        .choices(MODELS)
        .default("auto"),
    )
    .addOption(
      new Option("--rival <names...>", "other learners to score on the same folds; law: a formula").choices(MODELS),
    )
    .option("--budget <minutes>", "time for the whole training with auto: as many trials as fill it", positive)
    .option("--trials <n>", "trials of each search of auto, instead of a time: the same on any machine", integerFrom(1))
    .addOption(
      new Option(
        "--criterion <name>",
        "errors that auto compares by and nets learn by: squared, or absolute (typical ones)",
      ).choices(["squared", "absolute"]),
    )
    .option("--least-class <n>", "leave out classes with fewer rows (groups, where there are groups)", integerFrom(2))
    .option("--group <columns...>", "columns; rows equal in any of them stay in one fold (heat, lot, DOI)")
    .option("--folds <n>", "number of folds (10, or the number of groups where there are fewer)", integerFrom(2))
    .option("--use-properties", "let other property columns be inputs")
    .option("--out <dir>", "folder for model.json, metrics.json, card.md and report.html", "out/model")
    .option("--data-licence <text>", "licence of the table, for the card (known datasets are told by their checksum)")
    .option("--no-learning-curve", "leave out the errors from fewer rows, which take about a quarter of the time")
    .option("--write-schema <file>", "write the roles and units used, to be edited and given to --schema")
    .addHelpText("after", example('materiome train steels.csv --target "Yield strength" --out out/yield'))
    .action(async (table: string, options) => {
      const { runTrainCommand } = await import("./commands/train.ts");
      await runTrainCommand(table, options, session(options));
    });

  tableCommand(
    program,
    "predict",
    "predictions with interval and applicability domain; units are converted, and said so",
  )
    .argument("<model>", "model.json written by train, or its folder")
    .argument("<table>", "table with the model's input columns: CSV, TSV, XLSX, Parquet or JSON records")
    .option("--level <p>", "probability that the interval holds a new measurement", probability, 0.9)
    .option("--balance <element>", "element that makes up the rest, to turn at% into the model's wt% or back")
    .option("--out <file>", "CSV to write; without it the table goes to stdout")
    .addHelpText("after", example("materiome predict out/yield new-heats.csv --out predicted.csv"))
    .action(async (model: string, table: string, options) => {
      const { runPredictCommand } = await import("./commands/predict.ts");
      await runPredictCommand(model, table, options, session(options), setExitCode);
    });

  tableCommand(program, "explain", "why a model predicts what it predicts: contributions, importance, effect curves")
    .argument("<model>", "model.json written by train, or its folder")
    .argument("<table>", "rows to explain, with the model's input columns: CSV, TSV, XLSX, Parquet or JSON records")
    .option("--out <dir>", "folder for explain.json and report.html", "out/explain")
    .option("--target <column>", "which target, where the model predicts several")
    .option("--class <name>", "class to explain in every row, of a model of classes; else the one predicted")
    .addOption(
      new Option(
        "--scale <name>",
        "what contributions to classes add up to; else that on which they are exact",
      ).choices(["probability", "log-odds"]),
    )
    .option("--balance <element>", "element that makes up the rest, to turn at% into the model's wt% or back")
    .option("--rows <numbers...>", "rows of the file (header: 1) to show one by one in the report")
    .option("--background <n>", "training rows that stand in for what is not known", integerFrom(1), 100)
    .option("--minutes <n>", "refuse a table that would take longer", positive, 10)
    .addHelpText("after", example("materiome explain out/yield new-heats.csv --rows 2 17 --out out/why"))
    .action(async (model: string, table: string, options) => {
      const { runExplainCommand } = await import("./commands/explain.ts");
      await runExplainCommand(model, table, options, session(options));
    });

  tableCommand(program, "export", "a trained model as an ONNX file, for other programs")
    .argument(
      "<model>",
      "model.json written by train, or its folder; or a net of segment train --learner unet or of images train",
    )
    .requiredOption("--onnx <file>", "ONNX file to write")
    .addOption(
      new Option("--precision <name>", "numbers that the file takes and gives")
        .choices(["float64", "float32"])
        .default("float64"),
    )
    .option(
      "--check <table>",
      "also writes FILE.check.csv: the features of these rows and what is predicted from them, to compare with",
    )
    .addHelpText("after", example("materiome export out/yield --onnx yield.onnx --check new-heats.csv"))
    .action(async (model: string, options) => {
      const { runExportCommand } = await import("./commands/export.ts");
      await runExportCommand(model, options, session(options));
    });

  command(program, "invert", "process settings that reach a wanted property, or a refusal that says why")
    .argument("<model>", "model.json written by train, or its folder")
    .requiredOption("--target <specs...>", 'what is wanted, for example "Yield strength>=900 MPa"')
    .option("--fix <settings...>", "inputs held at a value: COL=VALUE [unit]")
    .option("--vary <columns...>", "further inputs that may be turned")
    .option(
      "--like <row>",
      "heat in hand: composition, structure, conditions of this row of the file (header: 1)",
      integerFrom(2),
    )
    .option(
      "--keep <texts...>",
      'what settings keep together: "Cr + Ni + Fe = 100 wt%", "T2 + 50 < T1", "at most 2 of Cr, Ni, Mn", or a condition',
    )
    .option("--bounds <file>", "search space as JSON, in place of --fix, --vary and --like")
    .option("--write-bounds <file>", "write the search space used, to be edited and given to --bounds")
    .option("-n, --number <n>", "number of candidates", integerFrom(1), 5)
    .option("--level <p>", "probability of the printed intervals", probability, 0.9)
    .option(
      "--min-probability <p>",
      "least probability of meeting the target that is worth a candidate",
      probability,
      0.5,
    )
    .addOption(
      new Option("--criterion <kind>", "which probability counts: corrected for optimism, or as the model predicts it")
        .choices(["corrected", "predicted"])
        .default("corrected"),
    )
    .option("--cost <expression>", "cost of a setting, as in \"0.4 * number(Time, 'h')\": candidates are the cheapest")
    .option(
      "--scatter <settings...>",
      "how settings vary: COL=VALUE (standard deviation) or COL=±VALUE (anywhere within)",
    )
    .option("--schedule <file>", "JSON that says which settings are which steps of the process; with --energy")
    .option("--energy <file>", "JSON of mass and furnace: energy and CO2 of each candidate; with --schedule")
    .option(
      "--window-evaluations <n>",
      "most settings predicted for routes and process window; more make them less rough",
      integerFrom(1),
      8000,
    )
    .option("--candidates-only", "leave out routes, process window and tolerance, which take more predictions")
    .option("--report <file>", "page with candidates, routes, process window and tolerance, as HTML")
    .addHelpText("after", example('materiome invert out/yield --target "Yield strength>=900 MPa" --fix C=0.4'))
    .action(async (model: string, options) => {
      const { runInvertCommand } = await import("./commands/invert.ts");
      await runInvertCommand(model, options, session(options), setExitCode);
    });

  addCampaignCommands(program, session);

  const datasets = program.command("datasets").description("registry of open materials datasets");
  command(datasets, "list", "names, tasks and sizes")
    .addHelpText("after", example("materiome datasets list"))
    .action(async (options) => {
      const { listCommand } = await import("./commands/datasets.ts");
      await listCommand(session(options));
    });
  command(datasets, "info", "source, licence, citation, columns of one dataset")
    .argument("<name>")
    .addHelpText("after", example("materiome datasets info nims-fatigue-steels"))
    .action(async (name: string, options) => {
      const { infoCommand } = await import("./commands/datasets.ts");
      await infoCommand(name, session(options));
    });
  command(datasets, "fetch", "brings the files of datasets to this machine, verified by checksum")
    .argument("<names...>", "datasets")
    .option("--dir <folder>", "folder that holds one folder per dataset (default: the cache)")
    .option("--mirror <url>", "fetch from here; with {repository}, {commit} and {path}")
    .addHelpText("after", example("materiome datasets fetch matbench-steels"))
    .action(async (names: string[], options) => {
      const { fetchCommand } = await import("./commands/fetchDatasets.ts");
      await fetchCommand(names, options, session(options), setExitCode);
    });
  command(datasets, "check", "compares the files on this machine with their recorded checksums")
    .argument("[names...]", "datasets; all of them if none is named")
    .addHelpText("after", example("materiome datasets check concrete-strength"))
    .action(async (names: string[], options) => {
      const { checkCommand } = await import("./commands/datasets.ts");
      await checkCommand(names, session(options), setExitCode);
    });
  return program;
}

/** Checked against the names that `learnerByName` takes; importing its list would load every learner at each start. */
const MODELS: readonly string[] = Object.keys({
  auto: true,
  forest: true,
  "extra-trees": true,
  boosting: true,
  "gaussian-process": true,
  "kernel-ridge": true,
  mlp: true,
  "element-attention": true,
  "elastic-net": true,
  law: true,
  ridge: true,
  "ridge-degree-2": true,
  logistic: true,
  "support-vectors": true,
} satisfies Record<ModelName | ClassModelName, true>);
