import { type Command, Option } from "commander";
import { ACQUISITIONS } from "./input/acquisitions.ts";
import { atLeastZero, command, example, integerFrom, probability, tableCommand } from "./terminal/commandOptions.ts";
import type { CommonOptions, Session } from "./terminal/session.ts";

/** The commands `campaign new|ask|tell|status|change`. */
export function addCampaignCommands(program: Command, session: (options: CommonOptions) => Session): void {
  const campaign = program
    .command("campaign")
    .description("experiments one after the other, each chosen by what is known");
  tableCommand(campaign, "new", "starts a journal: what may be turned, what is given, what is wanted; needs no data")
    .argument("<journal>", "file to make")
    .requiredOption(
      "--objective <texts...>",
      'what is to get better, as in "maximize Hardness (HV)"; several: a Pareto front',
    )
    .option("--constraint <specs...>", 'limits on what is measured, as in "Elongation>=12 %"')
    .option(
      "--vary <texts...>",
      '"Temperature (degC)=500..700 step 5", "Time (min)=10..240 log", "Medium=oil|water"; or columns of --table',
    )
    .option("--fix <settings...>", "what is given: COL=VALUE [unit]")
    .option(
      "--table <table>",
      "earlier experiments: ranges, levels and roles come from its columns, and its results are told",
    )
    .option("--like <row>", "heat in hand: what is given is taken from this row of --table (header: 1)", integerFrom(2))
    .option("--ranges-only", "take ranges from --table, and do not tell its results")
    .option(
      "--keep <texts...>",
      'what settings keep together: "Cr + Ni + Fe = 100 wt%", "T2 + 50 < T1", "at most 2 of Cr, Ni, Mn", "never Medium = water and T1 >= 900", or a condition',
    )
    .option("--space <file>", "search space as JSON, in place of --vary and --table")
    .option("--write-space <file>", "write the search space as JSON, to be edited and given to --space")
    .option(
      "--fidelity <text>",
      'versions of the experiment and their costs, the one that counts first: "Method=experiment:10,simulation:1"',
    )
    .option(
      "--scatter <settings...>",
      "how far settings are missed when they are run: COL=VALUE [unit], a standard deviation (of an amount of a mixture: of weighing it out)",
    )
    .addOption(robust())
    .option("--note <text>", "for the journal")
    .addHelpText(
      "after",
      example(
        'materiome campaign new trials.journal --objective "maximize Hardness (HV)" --vary "T (degC)=500..700 step 5" "Medium=oil|water"',
      ),
    )
    .action(async (journal: string, options) => {
      const { runCampaignNewCommand } = await import("./commands/campaignNew.ts");
      await runCampaignNewCommand(journal, options, session(options));
    });

  command(campaign, "ask", "the experiments to make next, why, and a table to fill in (seed: that of the journal)")
    .argument("<journal>", "journal that `campaign new` wrote")
    .option("-n, --number <n>", "how many experiments", integerFrom(1), 1)
    .option("--out <csv>", "table to write (JOURNAL.ask-N.csv beside the journal)")
    .option("--fix <settings...>", "settings held in this batch: COL=VALUE [unit]")
    .option("--share <columns...>", "settings that the whole batch shares: one furnace run, many specimens")
    .addOption(
      new Option("--acquisition <name>", "by what the next experiments are chosen; auto: log expected improvement")
        .choices(Object.keys(ACQUISITIONS))
        .default("auto"),
    )
    .option("--deviations <x>", "of the upper confidence bound: mean + x deviations (2)", atLeastZero)
    .option("--scatter <settings...>", "of this batch, in place of what the journal says: COL=VALUE [unit]")
    .addOption(robust())
    .option("--no-scatter", "of this batch: as if settings were met exactly")
    .option(
      "--reference <values...>",
      "of several objectives: the worst values that still count, OBJECTIVE=VALUE [unit] of each (a tenth beyond the front)",
    )
    .option("--repeats", "settings that were tried may be asked for again, to learn how results scatter")
    .option("--cost <expression>", 'what an experiment costs, by the settings, as in t + quantity(30, "min")')
    .option("--initial <n>", "experiments that fill the space before a model is asked", integerFrom(0))
    .option("--level <p>", "probability of the printed interval", probability, 0.9)
    .addHelpText("after", example('materiome campaign ask trials.journal -n 4 --share "T" --out batch.csv'))
    .action(async (journal: string, options) => {
      const { runCampaignAskCommand } = await import("./commands/campaignAsk.ts");
      await runCampaignAskCommand(journal, options, session(options));
    });

  tableCommand(
    campaign,
    "tell",
    "results, failures, or that something is being tried; other experiments than those asked, too",
  )
    .argument("<journal>", "journal that `campaign new` wrote")
    .argument("<table>", "table that `campaign ask` wrote, filled in; or any with the settings as columns")
    .addOption(
      new Option("--status <status>", "of rows whose status is empty; withdrawn: will never be made").choices([
        "ok",
        "failed",
        "pending",
        "withdrawn",
      ]),
    )
    .option("--noise <columns...>", "column of standard deviations of the outcome; of several outcomes OUTCOME=COLUMN")
    .addOption(
      new Option("--again <meaning>", "what other values of an experiment are that was told before").choices([
        "replicate",
        "correct",
      ]),
    )
    .addHelpText("after", example("materiome campaign tell trials.journal batch.csv"))
    .action(async (journal: string, table: string, options) => {
      const { runCampaignTellCommand } = await import("./commands/campaignTell.ts");
      await runCampaignTellCommand(journal, table, options, session(options));
    });

  command(campaign, "status", "what was tried, the best so far, what is open, whether to stop; report and export")
    .argument("<journal>", "journal that `campaign new` wrote")
    .option("--report [file]", "page to write (HTML; JOURNAL.report.html beside the journal)")
    .option("--export <csv>", "all experiments as a table, which `campaign tell` reads back")
    .option("--accept-edits", "take a journal that was edited by hand as it stands")
    .addHelpText("after", example("materiome campaign status trials.journal --report"))
    .action(async (journal: string, options) => {
      const { runCampaignStatusCommand } = await import("./commands/campaignStatus.ts");
      await runCampaignStatusCommand(journal, options, session(options));
    });

  command(campaign, "change", "other bounds, settings, objectives or constraints from here on; what was told stays")
    .argument("<journal>", "journal that `campaign new` wrote")
    .option("--vary <texts...>", 'settings that are new or get other bounds, as in "T (degC)=500..650 step 5"')
    .option("--fix <settings...>", "settings that are given from now on: COL=VALUE [unit]")
    .option(
      "--keep <texts...>",
      'what settings keep together besides: "Cr + Ni + Fe = 100 wt%", "T2 + 50 < T1", "at most 2 of Cr, Ni, Mn", "never Medium = water and T1 >= 900", or a condition',
    )
    .option("--space <file>", "search space as JSON, in place of --vary and --fix")
    .option("--objective <texts...>", "all objectives")
    .option("--constraint <specs...>", "all constraints")
    .option("--no-constraints", "drop the constraints")
    .option(
      "--scatter <settings...>",
      "how far settings are missed from now on: COL=VALUE [unit], a standard deviation",
    )
    .addOption(robust())
    .option("--no-scatter", "settings are met exactly from now on")
    .option("--assume <settings...>", "values that new settings had so far: COL=VALUE [unit]")
    .option("--note <text>", "why, for the journal")
    .addHelpText(
      "after",
      example('materiome campaign change trials.journal --vary "T (degC)=500..650 step 5" --note "furnace 2"'),
    )
    .action(async (journal: string, options) => {
      const { runCampaignChangeCommand } = await import("./commands/campaignChange.ts");
      await runCampaignChangeCommand(journal, options, session(options));
    });
}

function robust(): Option {
  return new Option("--robust <what>", "what of the objective counts where settings scatter (mean)").choices([
    "mean",
    "worst",
  ]);
}
