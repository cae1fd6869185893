"""Fits scikit-learn's random forest, or extra trees, on the rows that forest.ts wrote; prints seconds and test R² as JSON."""

import json
import sys
import time

import numpy
import sklearn
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

file, n, n_test, d, trees, jobs = sys.argv[1], *map(int, sys.argv[2:7])
learner = ExtraTreesRegressor if sys.argv[7] == "random" else RandomForestRegressor
values = numpy.fromfile(file, dtype="<f8").reshape(n + n_test, d + 1)
x, y = values[:, :d].copy(), values[:, d].copy()
forest = learner(n_estimators=trees, n_jobs=jobs, random_state=0)
started = time.perf_counter()
forest.fit(x[:n], y[:n])
seconds = time.perf_counter() - started
r2 = forest.score(x[n:], y[n:])
print(json.dumps({"seconds": seconds, "r2": r2, "sklearn": sklearn.__version__, "numpy": numpy.__version__}))
