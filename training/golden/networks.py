#!/usr/bin/env python3
"""Weights, inputs and outputs of PyTorch that Tests/NeuralNetworksTests compares the Swift networks with.

    networks.py small DIR    the files of Tests/NeuralNetworksTests/Golden: few features, sampled outputs
    networks.py large DIR    full sizes and odd sizes, whole outputs; a gated test runs this itself

Needs torch, torchvision, vit-pytorch, dynamic-network-architectures and safetensors. Seeds are fixed; inputs are a formula that
the tests know, so that no file holds them. MedicalNet's ResNet, VB-Net and the U-Net of two dimensions have no package on PyPI:
`reference_modules.py` defines them by their papers, with the names of their public versions.
"""
import sys
from pathlib import Path

import torch
from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet
from safetensors.torch import save_file
from torch import nn
from torchvision.models.convnext import CNBlockConfig, ConvNeXt
from vit_pytorch.vit_3d import ViT
from einops.layers.torch import Rearrange

import layer_cases
from reference_modules import ResNet3D, UNet2D, VBNet

ORIGIN = f"training/golden/networks.py, torch {torch.__version__}, seed 6"
SAMPLES = 400


def picture(shape):
    """The input of every case: ((7919 i) mod 2003) / 1001.5 - 1 at place i."""
    count = torch.Size(shape).numel()
    values = (torch.arange(count, dtype=torch.int64) * 7919) % 2003
    return (values.double() / 1001.5 - 1).float().reshape(shape)


def sampled(values, whole):
    flat = values.detach().flatten()
    step = 1 if whole else max(1, flat.numel() // SAMPLES)
    return flat[::step].clone()


def lively(model, size):
    """Weights that leave no layer idle: gains and biases away from 1 and 0, statistics near those of an input."""
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:
            nn.init.uniform_(parameter, -0.2, 0.2) if name.endswith("bias") else nn.init.uniform_(parameter, 0.6, 1.4)
        if "layer_scale" in name:
            nn.init.uniform_(parameter, 0.3, 1.0)
    norms = [m for m in model.modules() if isinstance(m, (nn.BatchNorm2d, nn.BatchNorm3d))]
    for norm in norms:
        norm.momentum = 1
    if norms:
        model.train()(picture(size))
    for norm in norms:
        norm.running_mean += 0.2 * torch.randn_like(norm.running_mean) * norm.running_var.sqrt()
        # Wider than the input's, so that residual sums do not grow from block to block.
        norm.running_var *= 1 + torch.rand_like(norm.running_var)
        norm.running_var.clamp_(min=0.01)
    return model.eval()


@torch.no_grad()
def save(folder, name, model, sizes, whole, dtype=torch.float32, outputs=lambda model, x: [model(x)], skip=()):
    lively(model, sizes[0])
    for tensor in list(model.parameters()) + list(model.buffers()):
        if tensor.is_floating_point():
            tensor.copy_(tensor.to(dtype).float())
    tensors = {}
    for key, value in model.state_dict().items():
        if value.is_floating_point() and not any(part in key for part in skip):
            tensors[key] = value.to(dtype).contiguous().clone()
    for number, size in enumerate(sizes):
        for part, output in enumerate(outputs(model, picture(size))):
            tensors[f"golden.{number}.{part}"] = sampled(output, whole)
            print(name, size, "output", part, "mean", float(output.mean()), "sd", float(output.std()))
            assert output.std() > 0.01, "a network that says the same everywhere proves nothing"
    save_file(tensors, folder / f"{name}.safetensors", {"origin": ORIGIN})


def vit(image, patch, dim, depth, heads, dim_head, mlp_dim, depth_last):
    model = ViT(image_size=image[1:], frames=image[0], image_patch_size=patch[1:], frame_patch_size=patch[0],
                channels=1, num_classes=3, dim=dim, depth=depth, heads=heads, dim_head=dim_head, mlp_dim=mlp_dim,
                pool="mean")
    order = "(p1 p2 pf c)" if depth_last else "(pf p1 p2 c)"
    model.to_patch_embedding[0] = Rearrange(f"b c (f pf) (h p1) (w p2) -> b (f h w) {order}",
                                            p1=patch[1], p2=patch[2], pf=patch[0])
    return model


def vit_outputs(model, x):
    pooled = []
    handle = model.to_latent.register_forward_hook(lambda _, __, output: pooled.append(output))
    head = model(x)
    handle.remove()
    return [head, pooled[0]]


def unet(kind, conv, features, strides, kernels, blocks, decoder_blocks, classes):
    norm = {nn.Conv3d: nn.InstanceNorm3d, nn.Conv2d: nn.InstanceNorm2d}[conv]
    return kind(1, len(features), features, conv, kernels, strides, blocks, classes, decoder_blocks, conv_bias=True,
                       norm_op=norm, norm_op_kwargs={"eps": 1e-5, "affine": True},
                       nonlin=nn.LeakyReLU, nonlin_kwargs={"inplace": True})


def six_stage_unet(kind, blocks, decoder_blocks):
    """nnU-Net's own choice for isotropic patches of 128³."""
    return unet(kind, nn.Conv3d, [32, 64, 128, 256, 320, 320], [[1] * 3] + [[2] * 3] * 5, [[3] * 3] * 6, blocks,
                decoder_blocks, 3)


def convnext(widths, depths):
    settings = [CNBlockConfig(w, n, d) for w, n, d in zip(widths, widths[1:] + [None], depths)]
    return ConvNeXt(settings, num_classes=5)


def small(folder):
    copies = ("all_modules", "decoder.encoder")
    save(folder, "vit3d", vit((16, 16, 24), (8, 4, 6), 20, 2, 2, 12, 24, True), [(2, 1, 16, 16, 24)], False,
         torch.float16, vit_outputs)
    save(folder, "plain-unet", unet(PlainConvUNet, nn.Conv3d, [4, 6, 8], [[1, 1, 1], [1, 2, 2], [2, 2, 2]],
                                    [[1, 3, 3], [3, 3, 3], [3, 3, 3]], [2, 2, 2], [1, 1], 3),
         [(1, 1, 4, 12, 20), (1, 1, 6, 8, 8)], False, torch.float16, skip=copies)
    save(folder, "residual-unet", unet(ResidualEncoderUNet, nn.Conv3d, [4, 4, 8], [[1, 1, 1], [2, 2, 2], [1, 2, 2]],
                                       [[3, 3, 3]] * 3, [1, 2, 1], [1, 1], 2),
         [(1, 1, 8, 12, 20), (1, 1, 6, 8, 4)], False, torch.float16, skip=copies)
    save(folder, "resnet3d-10", ResNet3D(10, width=2), [(1, 1, 17, 33, 21)], False, torch.bfloat16)
    save(folder, "resnet3d-50", ResNet3D(50, width=1, dilated=True), [(1, 1, 19, 33, 24)], False, torch.float16)
    save(folder, "vbnet", VBNet(2, width=2, counts=(1, 1, 2, 1), bottleneck=(False, True, True, True)), [(1, 1, 16, 32, 16)], False, torch.bfloat16)
    save(folder, "unet2d", UNet2D(1, 2, width=2), [(1, 1, 37, 50), (2, 1, 16, 16)], False, torch.float16)
    save(folder, "convnext", convnext([8, 8, 12, 12], [1, 1, 2, 1]), [(1, 3, 45, 70)], False, torch.float16)
    layer_cases.save(folder / "layers.safetensors", picture, ORIGIN)


def large(folder):
    copies = ("all_modules", "decoder.encoder")
    for name, image, patch, dim, depth in [("a", (128, 128, 128), (16, 16, 16), 1024, 6),
                                           ("b", (48, 80, 64), (16, 16, 16), 96, 3), ("c", (21, 30, 35), (7, 6, 5), 50, 2)]:
        save(folder, f"vit3d-{name}", vit(image, patch, dim, depth, 8, 64, 2 * dim, name == "b"), [(1, 1, *image)],
             True, outputs=vit_outputs)
    save(folder, "plain-unet", six_stage_unet(PlainConvUNet, [2] * 6, [2] * 5),
         [(1, 1, 64, 64, 64), (1, 1, 32, 64, 96), (1, 1, 64, 96, 32)], True, skip=copies)
    save(folder, "residual-unet", six_stage_unet(ResidualEncoderUNet, [1, 3, 4, 6, 6, 6], [1] * 5),
         [(1, 1, 64, 64, 64), (1, 1, 32, 64, 96), (1, 1, 64, 96, 32)], True, skip=copies)
    for depth in (10, 18, 34, 50):
        save(folder, f"resnet3d-{depth}", ResNet3D(depth, dilated=depth == 18, projects=depth != 34),
             [(1, 1, 48, 48, 48), (1, 1, 33, 47, 61), (1, 1, 17, 50, 29)], True)
    save(folder, "vbnet", VBNet(2), [(1, 1, 48, 48, 48), (1, 1, 16, 32, 64), (1, 1, 80, 16, 48)], True)
    save(folder, "unet2d", UNet2D(1, 2), [(1, 1, 96, 96), (1, 1, 101, 67), (2, 1, 33, 158)], True)
    save(folder, "convnext", convnext([96, 192, 384, 768], [3, 3, 9, 3]),
         [(1, 3, 96, 96), (1, 3, 101, 67), (2, 3, 33, 158)], True)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("small", "large"):
        sys.exit(__doc__)
    torch.manual_seed(6)
    Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
    {"small": small, "large": large}[sys.argv[1]](Path(sys.argv[2]))
