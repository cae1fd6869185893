"""Fits scikit-learn's Gaussian process on the rows that gaussianProcess.ts wrote; prints seconds, likelihood and test R²."""

import json
import os
import sys
import time
import warnings

file, (n, n_test, d, restarts, threads), kind = sys.argv[1], map(int, sys.argv[2:7]), sys.argv[7]
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import numpy
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel

warnings.simplefilter("ignore")  # of length-scales at a bound
values = numpy.fromfile(file, dtype="<f8").reshape(n + n_test, d + 1)
x, y = values[:, :d], values[:, d]
mean, scale, y_mean, y_scale = x[:n].mean(axis=0), x[:n].std(axis=0), y[:n].mean(), y[:n].std()
z, target = (x - mean) / scale, (y - y_mean) / y_scale
shape = RBF([1.0] * d) if kind == "rbf" else Matern([1.0] * d, nu=2.5)
kernel = ConstantKernel(1.0) * shape + WhiteKernel(0.1, (1e-6, 10))
process = GaussianProcessRegressor(kernel, alpha=0, n_restarts_optimizer=restarts, random_state=0)
started = time.perf_counter()
process.fit(z[:n], target[:n])
seconds = time.perf_counter() - started
print(
    json.dumps(
        {
            "seconds": seconds,
            "logLikelihood": process.log_marginal_likelihood_value_,
            "r2": process.score(z[n:], target[n:]),
            "sklearn": sklearn.__version__,
            "numpy": numpy.__version__,
        }
    )
)
