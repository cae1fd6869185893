"""Times a training step and a prediction of the U-Net of unetStep.ts in PyTorch; prints milliseconds as JSON."""

import json
import sys
import time

import torch
from torch import nn

batch, patch, steps, side, threads, *filters = map(int, sys.argv[1:])
classes = 3
torch.set_num_threads(threads)
torch.manual_seed(1)


def pair(inputs, outputs):
    layers = []
    for source in (inputs, outputs):
        layers += [nn.Conv2d(source, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList(pair(a, b) for a, b in zip([1, *filters], filters))
        self.up = nn.ModuleList(pair(a + b, a) for a, b in zip(filters, filters[1:]))
        self.head = nn.Conv2d(filters[0], classes, 1)

    def forward(self, x):
        skips = []
        for level, blocks in enumerate(self.down):
            x = blocks(x if level == 0 else nn.functional.max_pool2d(x, 2))
            skips.append(x)
        for level in reversed(range(len(self.up))):
            x = self.up[level](torch.cat([skips[level], nn.functional.interpolate(x, scale_factor=2)], 1))
        return self.head(x)


net = UNet()
optimiser = torch.optim.AdamW(net.parameters(), lr=0.002, weight_decay=1e-4)
x = torch.rand(batch, 1, patch, patch)
codes = torch.randint(classes, (batch, patch, patch))
y = nn.functional.one_hot(codes, classes).permute(0, 3, 1, 2).float()
weights = torch.ones(classes)


def step():
    optimiser.zero_grad()
    outputs = net(x)
    loss = nn.functional.cross_entropy(outputs, codes, weights)
    p = outputs.softmax(1)
    both = (p * y).sum((2, 3))
    loss = loss + 0.5 * (1 - (2 * both + 1) / (p.sum((2, 3)) + y.sum((2, 3)) + 1)).mean()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5)
    optimiser.step()
    return loss.item()


def milliseconds(job, repeats):
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        job()
        times.append(1000 * (time.perf_counter() - started))
    return times


def predict():
    with torch.no_grad():
        return net(image).softmax(1)


milliseconds(step, 3)
training = milliseconds(step, steps)
net.eval()
image = torch.rand(1, 1, side, side)
print(json.dumps({"training": training, "prediction": milliseconds(predict, 2), "torch": torch.__version__}))
