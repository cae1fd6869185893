import { type Command, InvalidArgumentError, Option } from "commander";
import { IMAGE_NET_DEFAULTS } from "./nets/netDefaults.ts";
import { AUGMENTATIONS } from "./segmentProgram.ts";
import {
  dataBar,
  example,
  integerFrom,
  integerList,
  learningRate,
  otherColour,
  positive,
  probability,
  tableCommand,
} from "./terminal/commandOptions.ts";
import type { SetExitCode } from "./terminal/exitCodes.ts";
import type { CommonOptions, Session } from "./terminal/session.ts";

/** `materiome images train|predict`. */
export function addImagesCommands(
  program: Command,
  session: (options: CommonOptions) => Session,
  setExitCode: SetExitCode,
): void {
  const images = program.command("images").description("networks from a whole image to its class or to a property");
  withSamples(
    tableCommand(
      images,
      "train",
      "learns what images show (a kind of defect, a hardness) and scores itself on images held out",
    ),
  )
    .argument("<samples>", "folder with a sub-folder of images for each class, or a table with a column of image files")
    .requiredOption("--out <file>", "model to write (JSON)")
    .option("--group <columns...>", "of a table: images of one group (specimen, heat, coil) are held out together")
    .option("--report <file>", "page with scores, confusions and pictures of images held out (HTML)")
    .option("--size <WxH>", "what images are brought to, px (their own size, at most 256)", size)
    .addOption(
      new Option(
        "--fit <how>",
        "exact: all files of one size; resize: of any, brought to one; crop: the middle is cut out",
      )
        .choices(["exact", "resize", "crop"])
        .default("exact"),
    )
    .addOption(
      new Option(
        "--channels <kind>",
        "grey: the luma of coloured images; colour: grey as red, green and blue (as the files are)",
      ).choices(["grey", "colour"]),
    )
    .addOption(dataBar())
    .option(
      "--epochs <n>",
      "passes over the images, at most (32, or what makes 600 steps of 16 images)",
      integerFrom(1),
    )
    .addOption(learningRate(IMAGE_NET_DEFAULTS.learningRate))
    .option("--filters <numbers>", "filters of each level, each at half the resolution (16,32,64,128)", integerList)
    .addOption(
      new Option(
        "--augment <steps...>",
        "what is done to images learned from, true to what they show (flip, scale, contrast, brightness)",
      ).choices(AUGMENTATIONS.filter((step) => step !== "composite" && step !== "default")),
    )
    .addOption(
      new Option(
        "--views <kind>",
        "a prediction is the mean over this many views: 1, 4 flips, or 8 with turns (flips, unless --augment leaves out flip)",
      ).choices(["none", "flips", "square"]),
    )
    .option("--balance <share>", "how far rare classes are shown more often: 0 as they are, 1 all alike (0)", share)
    .option("--level <p>", "of values: chance with which the interval holds a new measurement (0.9)", probability)
    .option(
      "--folds <n>",
      "cross-validation: so many networks, each scored on a part of the images that it has not seen (whole groups), before the one that is kept, which learns from all of them (one fifth held out)",
      integerFrom(2),
    )
    .option("--resume", "go on with a training that was stopped")
    .addHelpText(
      "after",
      example("materiome images train defects/ --out defects.model.json --report defects.html") +
        '\n  $ materiome images train samples.csv --target "Hardness (HV)" --group Heat --out hardness.model.json',
    )
    .action(async (samples: string, options) => {
      const { runImagesTrainCommand } = await import("./commands/imagesTrain.ts");
      await runImagesTrainCommand(samples, options, session(options));
    });

  withSamples(tableCommand(images, "predict", "the class or the values of each image by a network of images train"))
    .argument("<images...>", "images, folders of them, or patterns; with --score what images train takes")
    .requiredOption("--model <file>", "model that `images train` wrote")
    .option("--out <file>", "predictions to write (CSV)")
    .option("--score", "compare with what is known: a table, or a folder with a sub-folder for each class")
    .option("--pixel-size <um>", "edge of a pixel in µm; overrides the files' own calibration", positive)
    .addOption(
      new Option(
        "--other-scale <rule>",
        "images whose pixel size differs by more than 5 % from that of the training images",
      )
        .choices(["refuse", "ignore"])
        .default("refuse"),
    )
    .addOption(otherColour())
    .addHelpText("after", example("materiome images predict new/ --model defects.model.json --out defects.csv"))
    .action(async (names: string[], options) => {
      const { runImagesPredictCommand } = await import("./commands/imagesPredict.ts");
      await runImagesPredictCommand(names, options, session(options), setExitCode);
    });
}

function withSamples(command: Command): Command {
  return command
    .option(
      "--target <columns...>",
      "of a table: what the images show; a column of text is learnt as classes, several of numbers together",
    )
    .option("--image-column <name>", "of a table: names of the images (a column named image, file, micrograph or path)")
    .option("--images <folder>", "folder that the names in the table are relative to (that of the table)");
}

function size(text: string): readonly [number, number] {
  const found = /^(\d+)(?:[x×](\d+))?$/.exec(text);
  const [width, height] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])];
  if (width >= 8 && height >= 8 && width <= 4096 && height <= 4096) return [width, height];
  throw new InvalidArgumentError(
    "expected width and height from 8 to 4096 px, for example 128x96, or 128 for a square.",
  );
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("expected a number from 0 to 1.");
}
