"""Fits scikit-learn's histogram gradient boosting on the rows that boosting.ts wrote; prints seconds and log loss as JSON."""

import json
import os
import sys

file, n, n_test, d, rounds, threads = sys.argv[1], *map(int, sys.argv[2:7])
os.environ["OMP_NUM_THREADS"] = str(threads)

import time

import numpy
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss

values = numpy.fromfile(file, dtype="<f8").reshape(n + n_test, d + 1)
x, y = values[:, :d].copy(), values[:, d].astype(int)
model = HistGradientBoostingClassifier(
    max_iter=rounds, learning_rate=0.06, min_samples_leaf=40, l2_regularization=1, early_stopping=False
)
started = time.perf_counter()
model.fit(x[:n], y[:n])
fitted = time.perf_counter()
p = model.predict_proba(x)
done = time.perf_counter()
print(
    json.dumps(
        {
            "fit": fitted - started,
            "predict": done - fitted,
            "logLoss": log_loss(y[n:], p[n:]),
            "sklearn": sklearn.__version__,
            "numpy": numpy.__version__,
        }
    )
)
