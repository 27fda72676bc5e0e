"""Layers alone: NAME.weight, NAME.bias and NAME.output for each; Tests/NeuralNetworksTests/LayerParityTests.swift has their settings."""
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F


def cases(picture):
    """Name → (module or function, input)."""
    return {
        # Convolution: odd sizes, every kind of stride, dilation, padding and group; 1, 2, 3 and more outputs to a block.
        "conv3d-plain": (nn.Conv3d(3, 7, 3, padding=1), picture((1, 3, 4, 5, 19))),
        "conv3d-mixed": (nn.Conv3d(2, 5, (2, 3, 5), (1, 2, 3), (1, 0, 2), (2, 1, 2)), picture((1, 2, 5, 7, 23))),
        "conv3d-groups": (nn.Conv3d(4, 6, (1, 3, 3), (2, 1, 2), (0, 2, 1), groups=2), picture((1, 4, 5, 4, 9))),
        "conv3d-strided-point": (nn.Conv3d(3, 9, 1, 2, bias=False), picture((1, 3, 5, 7, 6))),
        "conv3d-wide": (nn.Conv3d(1, 2, (1, 1, 3), padding=(0, 0, 1)), picture((1, 1, 1, 1, 601))),
        "conv2d-depthwise": (nn.Conv2d(5, 5, 7, padding=3, groups=5), picture((1, 5, 11, 18))),
        "conv2d-patch": (nn.Conv2d(3, 4, 4, 4), picture((1, 3, 13, 21))),
        "transposed3d-double": (nn.ConvTranspose3d(5, 3, 2, 2), picture((2, 5, 2, 2, 7))),
        "transposed3d-mixed": (nn.ConvTranspose3d(3, 4, (3, 4, 2), (2, 3, 4), (1, 2, 0), (1, 0, 2)),
                               picture((1, 3, 3, 2, 5))),
        "transposed2d-groups": (nn.ConvTranspose2d(4, 6, 3, 2, 1, groups=2, dilation=2), picture((1, 4, 4, 5))),
        "linear": (nn.Linear(13, 101), picture((1, 7, 13))),
        "layer-norm": (nn.LayerNorm(45), 3 + picture((2, 5, 45))),
        "instance-norm": (nn.InstanceNorm3d(3, affine=True), 5 + picture((2, 3, 3, 5, 7))),
        "batch-norm": (nn.BatchNorm2d(4), picture((2, 4, 3, 5))),
        "prelu": (nn.PReLU(3), picture((1, 3, 2, 4, 5))),
        "relu": (F.relu, picture((1, 1, 40))),
        "leaky-relu": (lambda x: F.leaky_relu(x, 0.01), picture((1, 1, 40))),
        "gelu": (F.gelu, 6 * picture((1, 1, 200))),
        "sigmoid": (torch.sigmoid, 20 * picture((1, 1, 200))),
        "softmax": (lambda x: x.softmax(1), 30 * picture((2, 3, 4, 5, 2))),
        "max-pool": (lambda x: F.max_pool3d(x, 3, 2, 1), picture((1, 2, 5, 8, 9))),
        "average-pool": (lambda x: F.avg_pool3d(x, (2, 3, 2), (2, 1, 2), (1, 1, 0)), picture((1, 2, 5, 8, 9))),
        "average-pool2d": (lambda x: F.avg_pool2d(x, 2), picture((1, 2, 5, 8))),
        "mean": (lambda x: x.mean((2, 3, 4)), picture((2, 3, 5, 8, 9))),
        "trilinear": (lambda x: F.interpolate(x, (9, 4, 11), mode="trilinear"), picture((1, 2, 5, 6, 7))),
        "trilinear-corners": (lambda x: F.interpolate(x, (9, 4, 11), mode="trilinear", align_corners=True),
                              picture((1, 2, 5, 6, 7))),
        "bilinear": (lambda x: F.interpolate(x, (13, 1), mode="bilinear"), picture((1, 2, 5, 6))),
        "nearest": (lambda x: F.interpolate(x, (7, 4, 15), mode="nearest"), picture((1, 2, 5, 6, 7))),
        # Enough outputs, and rows of a width that four does not divide, for the transformed convolution.
        "conv3d-transformed": (nn.Conv3d(12, 10, 3, padding=1), picture((1, 12, 2, 8, 21))),
        "conv2d-transformed": (nn.Conv2d(8, 16, 3, groups=2), picture((1, 8, 12, 22))),
    }


def save(file, picture, origin):
    tensors = {}
    for name, (layer, x) in cases(picture).items():
        if isinstance(layer, nn.Module):
            with torch.no_grad():
                for key, value in list(layer.named_parameters()) + list(layer.named_buffers()):
                    if not value.is_floating_point():
                        continue
                    if isinstance(layer, (nn.LayerNorm, nn.InstanceNorm3d, nn.BatchNorm2d)):
                        value.uniform_(0.5, 1.5)
                    tensors[f"{name}.{key}"] = value.detach().clone()
            layer.eval()
        with torch.no_grad():
            tensors[f"{name}.output"] = layer(x).contiguous()
    save_file(tensors, file, {"origin": origin})
