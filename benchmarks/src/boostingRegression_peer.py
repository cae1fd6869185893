"""Fits histogram boosting of scikit-learn and XGBoost on the rows that boostingRegression.ts wrote; prints seconds and R² as JSON."""

import json
import os
import sys

file, n, n_test, d, rounds, threads = sys.argv[1], *map(int, sys.argv[2:7])
os.environ["OMP_NUM_THREADS"] = str(threads)

import time

import numpy
import sklearn
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import r2_score

values = numpy.fromfile(file, dtype="<f8").reshape(n + n_test, d + 1)
x, y = values[:, :d].copy(), values[:, d].copy()


def timed(model):
    started = time.perf_counter()
    model.fit(x[:n], y[:n])
    fitted = time.perf_counter()
    p = model.predict(x)
    return {"fit": fitted - started, "predict": time.perf_counter() - fitted, "r2": r2_score(y[n:], p[n:])}


out = {
    "sklearn": timed(
        HistGradientBoostingRegressor(max_iter=rounds, max_leaf_nodes=31, min_samples_leaf=20, early_stopping=False)
    ),
    "xgboost": None,
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
}
try:
    import xgboost

    out["xgboost"] = timed(
        xgboost.XGBRegressor(
            n_estimators=rounds,
            tree_method="hist",
            grow_policy="lossguide",
            max_leaves=31,
            max_depth=0,
            learning_rate=0.1,
            min_child_weight=20,
            reg_lambda=0,
            n_jobs=threads,
        )
    )
    out["versions"]["xgboost"] = xgboost.__version__
except ImportError:
    pass
print(json.dumps(out))
