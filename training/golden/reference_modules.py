"""Networks that no package on PyPI has, written from their papers, with the parameter names of their public versions."""
import torch
from torch import nn
from torch.nn import functional as F


class ResidualBlock(nn.Module):
    """He et al. 2016, figure 5: two convolutions, or a bottleneck of three."""

    def __init__(self, inputs, inner, outputs, stride, dilation, projects):
        super().__init__()
        spread = {"stride": stride, "dilation": dilation, "padding": dilation}
        steady = {"dilation": dilation, "padding": dilation}
        if outputs == inner:
            plan = [(inputs, inner, 3, spread), (inner, outputs, 3, steady)]
        else:
            plan = [(inputs, inner, 1, {}), (inner, inner, 3, spread), (inner, outputs, 1, {})]
        self.steps = len(plan)
        for i, (a, b, kernel, extra) in enumerate(plan, 1):
            setattr(self, f"conv{i}", nn.Conv3d(a, b, kernel, bias=False, **extra))
            setattr(self, f"bn{i}", nn.BatchNorm3d(b))
        self.stride, self.outputs = stride, outputs
        changes = stride != 1 or inputs != outputs
        self.downsample = nn.Sequential(nn.Conv3d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm3d(outputs)) \
            if changes and projects else None

    def forward(self, x):
        skip = self.downsample(x) if self.downsample else x[:, :, ::self.stride, ::self.stride, ::self.stride]
        skip = F.pad(skip, (0, 0, 0, 0, 0, 0, 0, self.outputs - skip.shape[1]))
        for i in range(1, self.steps + 1):
            x = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x))
            x = F.relu(x if i < self.steps else x + skip)
        return x


class ResNet3D(nn.Module):
    """MedicalNet's names; `dilated` keeps the resolution of layers 3 and 4. Returns the mean of the last features."""

    def __init__(self, depth, width=64, dilated=False, projects=True):
        super().__init__()
        blocks = {10: [1, 1, 1, 1], 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3]}[depth]
        self.conv1 = nn.Conv3d(1, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm3d(width)
        inputs = width
        for layer, count in enumerate(blocks):
            inner = width * 2 ** layer
            outputs = inner * (4 if depth == 50 else 1)
            wide = dilated and layer > 1
            parts = []
            for block in range(count):
                stride = 2 if block == 0 and layer > 0 and not wide else 1
                parts.append(ResidualBlock(inputs, inner, outputs, stride, 2 ** (layer - 1) if wide else 1, projects))
                inputs = outputs
            setattr(self, f"layer{layer + 1}", nn.Sequential(*parts))

    def forward(self, x):
        x = F.max_pool3d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return x.mean((2, 3, 4))


class Unit(nn.Module):
    def __init__(self, inputs, outputs, kernel):
        super().__init__()
        self.conv = nn.Conv3d(inputs, outputs, kernel, padding=kernel // 2)
        self.bn = nn.BatchNorm3d(outputs)

    def forward(self, x):
        return self.bn(self.conv(x))


class Bottleneck(nn.Module):
    def __init__(self, features, ratio):
        super().__init__()
        self.conv1 = Unit(features, features // ratio, 1)
        self.conv2 = Unit(features // ratio, features // ratio, 3)
        self.conv3 = Unit(features // ratio, features, 1)

    def forward(self, x):
        return self.conv3(F.relu(self.conv2(F.relu(self.conv1(x)))))


class ResidualUnit(nn.Module):
    def __init__(self, features, count, ratio):
        super().__init__()
        self.ops = nn.ModuleList([Bottleneck(features, ratio) if ratio else Unit(features, features, 3)
                                  for _ in range(count)])

    def forward(self, x):
        out = x
        for i, op in enumerate(self.ops):
            out = op(out) if i == len(self.ops) - 1 else F.relu(op(out))
        return F.relu(out + x)


class Down(nn.Module):
    def __init__(self, features, count, ratio):
        super().__init__()
        self.down_conv = nn.Conv3d(features // 2, features, 2, 2)
        self.down_bn = nn.BatchNorm3d(features)
        self.rblock = ResidualUnit(features, count, ratio)

    def forward(self, x):
        return self.rblock(F.relu(self.down_bn(self.down_conv(x))))


class Up(nn.Module):
    def __init__(self, inputs, features, count, ratio):
        super().__init__()
        self.up_conv = nn.ConvTranspose3d(inputs, features // 2, 2, 2)
        self.up_bn = nn.BatchNorm3d(features // 2)
        self.rblock = ResidualUnit(features, count, ratio)

    def forward(self, x, skip):
        return self.rblock(torch.cat((F.relu(self.up_bn(self.up_conv(x))), skip), 1))


class Exit(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv3d(inputs, classes, 3, padding=1), nn.BatchNorm3d(classes)
        self.conv2, self.bn2 = nn.Conv3d(classes, classes, 1), nn.BatchNorm3d(classes)

    def forward(self, x):
        return self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))).softmax(1)


class VBNet(nn.Module):
    """V-Net (Milletari et al. 2016) with bottlenecks in its residual units."""

    def __init__(self, classes, width=16, counts=(1, 2, 3, 3), bottleneck=(True, True, True, True)):
        super().__init__()
        self.in_block = Unit(1, width, 3)
        for level, count in enumerate(counts):
            features = 2 * width << level
            ratio = 4 if bottleneck[level] else None
            setattr(self, f"down_{32 << level}", Down(features, count, ratio))
            setattr(self, f"up_{32 << level}", Up(features if level == 3 else 2 * features, features, count, ratio))
        self.out_block = Exit(2 * width, classes)

    def forward(self, x):
        x = F.relu(self.in_block(x))
        skips = []
        for level in range(4):
            skips.append(x)
            x = getattr(self, f"down_{32 << level}")(x)
        for level in reversed(range(4)):
            x = getattr(self, f"up_{32 << level}")(x, skips[level])
        return self.out_block(x)


class DoubleConvolution(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.double_conv = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())

    def forward(self, x):
        return self.double_conv(x)


class UpStep(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.up = nn.ConvTranspose2d(features, features // 2, 2, 2)
        self.conv = DoubleConvolution(features, features // 2)

    def forward(self, x, skip):
        x = self.up(x)
        down, right = skip.shape[2] - x.shape[2], skip.shape[3] - x.shape[3]
        x = F.pad(x, (right // 2, right - right // 2, down // 2, down - down // 2))
        return self.conv(torch.cat((skip, x), 1))


class UNet2D(nn.Module):
    """Ronneberger et al. 2015 with padding and batch normalisation."""

    def __init__(self, channels, classes, width=64):
        super().__init__()
        self.inc = DoubleConvolution(channels, width)
        for i in range(1, 5):
            down = nn.Module()
            down.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConvolution(width << (i - 1), width << i))
            setattr(self, f"down{i}", down)
            setattr(self, f"up{i}", UpStep(width << (5 - i)))
        self.outc = nn.Module()
        self.outc.conv = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        skips = [self.inc(x)]
        for i in range(1, 5):
            skips.append(getattr(self, f"down{i}").maxpool_conv(skips[-1]))
        x = skips.pop()
        for i in range(1, 5):
            x = getattr(self, f"up{i}")(x, skips.pop())
        return self.outc.conv(x)
