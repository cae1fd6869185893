"""The 132 Magpie features in NumPy, one composition after the other with all properties at once; prints seconds as JSON."""

import json
import sys
import time

import numpy

with open(sys.argv[1]) as file:
    given = json.load(file)
table = numpy.array([[numpy.nan if x is None else x for x in row] for row in given["table"]])
compositions = [
    (numpy.array(c["elements"]), numpy.array(c["amounts"], dtype=float)) for c in given["compositions"]
]


def featurize(elements, amounts):
    x = table[elements]
    weights = amounts / amounts.sum()
    mean = weights @ x
    low, high = x.min(axis=0), x.max(axis=0)
    most = numpy.isclose(amounts, amounts.max())
    mode = x[most].min(axis=0)
    mode[numpy.isnan(mean)] = numpy.nan
    return numpy.stack([low, high, high - low, mean, weights @ numpy.abs(x - mean), mode], axis=1).ravel()


out = numpy.empty((len(compositions), 6 * table.shape[1]))
started = time.perf_counter()
for i, (elements, amounts) in enumerate(compositions):
    out[i] = featurize(elements, amounts)
seconds = time.perf_counter() - started
out.astype("<f8").tofile(sys.argv[2])
print(json.dumps({"seconds": seconds, "numpy": numpy.__version__}))
