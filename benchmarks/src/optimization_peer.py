"""Pool-based optimisation by scikit-learn: a Gaussian process with expected improvement, or a forest with a confidence bound.

Reads {x, y (larger is better), starts, top, need, method, seed} from a file; prints the order in which each start chooses.
"""

import json
import os
import sys
import warnings

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy
import sklearn
from scipy.stats import norm
from sklearn.ensemble import RandomForestRegressor
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

warnings.simplefilter("ignore")  # of length-scales at a bound
task = json.load(open(sys.argv[1]))
x, y, top = numpy.array(task["x"]), numpy.array(task["y"]), set(task["top"])


def process_scores(known, left, seed):
    kernel = ConstantKernel(1.0, (1e-3, 1e3)) * Matern([1.0] * x.shape[1], (1e-2, 1e2), nu=2.5) + WhiteKernel(1e-2, (1e-6, 1e1))
    process = GaussianProcessRegressor(kernel, alpha=1e-10, n_restarts_optimizer=5, normalize_y=True, random_state=seed)
    process.fit(x[known], y[known])
    # The deviation of the function, without that of a measurement.
    mean, std = process.predict(x[left], return_std=True)
    noise = process.kernel_.k2.noise_level * process._y_train_std**2
    std = numpy.sqrt(numpy.maximum(std**2 - noise, 1e-18))
    gain = mean - y[known].max()
    z = gain / std
    return gain * norm.cdf(z) + std * norm.pdf(z)


def forest_scores(known, left, seed):
    forest = RandomForestRegressor(n_estimators=50, random_state=seed).fit(x[known], y[known])
    trees = numpy.array([tree.predict(x[left]) for tree in forest.estimators_])
    return trees.mean(axis=0) + trees.std(axis=0)


def choose(start, seed):
    known = list(start)
    best = int(numpy.argmax(y))
    while len(known) < len(y) and (len(top & set(known)) < task["need"] or best not in known):
        left = [i for i in range(len(y)) if i not in set(known)]
        scores = (process_scores if task["method"] == "process" else forest_scores)(known, left, seed)
        known.append(left[int(numpy.argmax(scores))])
    return known


orders = [choose(start, task["seed"] + k) for k, start in enumerate(task["starts"])]
print(json.dumps({"orders": orders, "sklearn": sklearn.__version__, "numpy": numpy.__version__}))
