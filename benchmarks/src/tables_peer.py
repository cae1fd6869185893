"""scikit-learn under the folds that tables.ts used: forest and extra trees, tuned inside each fold, split conformal intervals."""

import json
import sys

import numpy
import sklearn
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.model_selection import GroupKFold, GroupShuffleSplit

SETTINGS = [{"max_features": share, "min_samples_leaf": leaf} for share in (0.33, 0.67, 1.0) for leaf in (1, 3)]
LEARNERS = {"forest": RandomForestRegressor, "extra trees": ExtraTreesRegressor}

task = json.load(open(sys.argv[1]))
x_all = numpy.array(task["x"], dtype=float).reshape(task["rows"], task["columns"])
y = numpy.array(task["y"])
groups = numpy.array(task["groups"]) if task["isGrouped"] else numpy.arange(len(y))
level, seed = task["level"], task["seed"]
sets = {"all features": list(range(task["columns"]))}
if len(task["plain"]) < task["columns"]:
    sets["amounts"] = task["plain"]


def impute(train, *others):
    """Medians of the training rows, and columns that say what was missing."""
    middle = numpy.nan_to_num(numpy.nanmedian(train, axis=0))
    marked = numpy.isnan(train).any(axis=0)
    return [numpy.hstack([numpy.where(numpy.isnan(m), middle, m), numpy.isnan(m[:, marked])]) for m in (train, *others)]


def make(name, settings, trees):
    return LEARNERS[name](trees, random_state=seed, n_jobs=2, **settings)


def choose(name, rows):
    if not task["isTuned"]:
        return "all features", {}
    best = None
    for label, columns in sets.items():
        errors = numpy.zeros(len(SETTINGS))
        for train, test in GroupKFold(3).split(rows, groups=groups[rows]):
            a, b = impute(x_all[rows[train]][:, columns], x_all[rows[test]][:, columns])
            for k, settings in enumerate(SETTINGS):
                predicted = make(name, settings, 100).fit(a, y[rows[train]]).predict(b)
                errors[k] += numpy.abs(predicted - y[rows[test]]).sum()
        k = int(errors.argmin())
        if best is None or errors[k] < best[0]:
            best = (errors[k], label, SETTINGS[k])
    return best[1:]


answers = []
for fold in task["folds"]:
    fold = numpy.array(fold)
    predicted = {name: numpy.zeros_like(y) for name in LEARNERS}
    lower, upper = numpy.zeros_like(y), numpy.zeros_like(y)
    chosen = {name: [] for name in LEARNERS}
    for k in numpy.unique(fold):
        train, test = numpy.flatnonzero(fold != k), numpy.flatnonzero(fold == k)
        for name in LEARNERS:
            label, settings = choose(name, train)
            chosen[name].append(f"{label}, {settings}")
            a, b = impute(x_all[train][:, sets[label]], x_all[test][:, sets[label]])
            predicted[name][test] = make(name, settings, 300).fit(a, y[train]).predict(b)
            if name != "forest":
                continue
            # A quarter of the training groups sets the width.
            proper, rest = next(GroupShuffleSplit(1, test_size=0.25, random_state=seed).split(train, groups=groups[train]))
            columns = sets[label]
            a, c, b = impute(x_all[train[proper]][:, columns], x_all[train[rest]][:, columns], x_all[test][:, columns])
            forest = make(name, settings, 300).fit(a, y[train[proper]])
            residuals = numpy.sort(numpy.abs(y[train[rest]] - forest.predict(c)))
            half = residuals[min(len(residuals) - 1, int(numpy.ceil((len(residuals) + 1) * level)) - 1)]
            centre = forest.predict(b)
            lower[test], upper[test] = centre - half, centre + half
    answers.append(
        {
            "sklearn": sklearn.__version__,
            "predicted": {name: values.tolist() for name, values in predicted.items()},
            "lower": lower.tolist(),
            "upper": upper.tolist(),
            "chosen": chosen,
        }
    )
print(json.dumps(answers))
