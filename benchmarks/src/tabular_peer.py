"""scikit-learn under the folds that tabular.ts used: forest, extra trees, boosting with 300 trees each, one fold list."""

import csv
import json
import sys

import numpy
import sklearn
from sklearn.ensemble import ExtraTreesRegressor, GradientBoostingRegressor, RandomForestRegressor
from sklearn.metrics import mean_absolute_error, r2_score

PROPERTIES = {"Fatigue Strength (10E7 Cycles)", "Tensile Strength", "Fracture Strength", "Hardness"}

path, target, fold = sys.argv[1], sys.argv[2], numpy.array(json.loads(sys.argv[3]))
rows = list(csv.DictReader(open(path, encoding="utf-8-sig")))
inputs = [name for name in rows[0] if name not in PROPERTIES]
x = numpy.array([[float(row[name]) for name in inputs] for row in rows])
y = numpy.array([float(row[target]) for row in rows])
learners = {
    "forest": lambda: RandomForestRegressor(300, random_state=0, n_jobs=2),
    "extra trees": lambda: ExtraTreesRegressor(300, random_state=0, n_jobs=2),
    "gradient boosting": lambda: GradientBoostingRegressor(n_estimators=300, random_state=0),
}
models = {}
for name, make in learners.items():
    predicted = numpy.zeros_like(y)
    for k in numpy.unique(fold):
        held = fold == k
        predicted[held] = make().fit(x[~held], y[~held]).predict(x[held])
    models[name] = {"r2": r2_score(y, predicted), "mae": mean_absolute_error(y, predicted)}
print(json.dumps({"models": models, "sklearn": sklearn.__version__}))
