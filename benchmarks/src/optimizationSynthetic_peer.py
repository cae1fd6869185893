"""A function made small by scikit-learn's Gaussian process and expected improvement, one point at a time.

Reads {name, d, evaluations, nInitial, seed} from a file; prints the points of the unit cube in the order of evaluation.
"""

import json
import os
import sys
import warnings

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy
import sklearn
from scipy.optimize import minimize
from scipy.stats import norm, qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

warnings.simplefilter("ignore")  # of length-scales at a bound, and of Sobol points that are no power of two
task = json.load(open(sys.argv[1]))
d = task["d"]
HARTMANN_A = numpy.array(
    [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
)
HARTMANN_P = 1e-4 * numpy.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)


def branin(u):
    x, y = 15 * u[0] - 5, 15 * u[1]
    t = y - 5.1 / (4 * numpy.pi**2) * x**2 + 5 / numpy.pi * x - 6
    return t**2 + 10 * (1 - 1 / (8 * numpy.pi)) * numpy.cos(x) + 10


def hartmann6(u):
    return -numpy.array([1, 1.2, 3, 3.2]) @ numpy.exp(-(HARTMANN_A * (u - HARTMANN_P) ** 2).sum(axis=1))


f = {"branin": branin, "hartmann6": hartmann6}[task["name"]]
rng = numpy.random.default_rng(task["seed"])
x = qmc.Sobol(d, seed=rng).random(task["nInitial"])
y = numpy.array([f(u) for u in x])
while len(x) < task["evaluations"]:
    # The functions are exact, which the noise may say too.
    kernel = ConstantKernel(1.0, (1e-3, 1e3)) * Matern([1.0] * d, (1e-2, 1e2), nu=2.5) + WhiteKernel(1e-6, (1e-10, 1e1))
    process = GaussianProcessRegressor(
        kernel, alpha=1e-10, n_restarts_optimizer=5, normalize_y=True, random_state=int(rng.integers(2**31))
    ).fit(x, y)
    noise = process.kernel_.k2.noise_level * process._y_train_std**2

    def loss(at):
        mean, std = process.predict(numpy.atleast_2d(at), return_std=True)
        std = numpy.sqrt(numpy.maximum(std**2 - noise, 1e-18))  # of the function, without that of a measurement
        gain = y.min() - mean
        return -(gain * norm.cdf(gain / std) + std * norm.pdf(gain / std))

    candidates = qmc.Sobol(d, seed=rng).random(2048)
    losses = loss(candidates)
    best, least = candidates[losses.argmin()], losses.min()
    for start in candidates[numpy.argsort(losses)[:3]]:
        # Improvements are small: a scale of 1 lets the search go on.
        found = minimize(lambda at: loss(at)[0] / max(-least, 1e-12), start, method="L-BFGS-B", bounds=[(0, 1)] * d)
        if loss(found.x)[0] < least:
            best, least = found.x, loss(found.x)[0]
    x = numpy.vstack([x, best])
    y = numpy.append(y, f(best))
print(json.dumps({"x": x.tolist(), "sklearn": sklearn.__version__, "numpy": numpy.__version__}))
