"""A plain U-Net for either net, with the tensor names of nnU-Net's PlainConvUNet (Isensee et al. 2021, 10.1038/s41592-020-01008-z).

Batch normalisation instead of nnU-Net's instance normalisation: once its statistics are frozen and folded into the convolutions, the
answer at a voxel depends on nothing outside its receptive field, so a crop cannot change what is far from its borders.
"""
import torch
from torch import nn

FEATURES = (16, 32, 64, 96)
BLOCKS = (1, 2, 3, 3)
LEAK = 0.01
FIRST, LAST = "encoder.stages.0.0.convs.0.conv.weight", "decoder.seg_layers.2.weight"


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv = nn.Conv3d(inputs, outputs, 3, stride, 1)
        self.norm = nn.BatchNorm3d(outputs, momentum=0.03)

    def forward(self, image):
        return nn.functional.leaky_relu(self.norm(self.conv(image)), LEAK, inplace=True)


class Stage(nn.Module):
    def __init__(self, *blocks):
        super().__init__()
        self.convs = nn.Sequential(*blocks)

    def forward(self, image):
        return self.convs(image)


class UNet(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        inputs = (inputs, *FEATURES)
        self.encoder, self.decoder = nn.Module(), nn.Module()
        self.encoder.stages = nn.ModuleList(
            nn.Sequential(Stage(*(Block(inputs[s] if b == 0 else FEATURES[s], FEATURES[s], 2 if s > 0 and b == 0 else 1)
                                  for b in range(BLOCKS[s]))))
            for s in range(len(FEATURES)))
        ways_up = list(zip(FEATURES[::-1], FEATURES[-2::-1]))
        self.decoder.transpconvs = nn.ModuleList(nn.ConvTranspose3d(below, skip, 2, 2) for below, skip in ways_up)
        self.decoder.stages = nn.ModuleList(Stage(Block(2 * skip, skip)) for _, skip in ways_up)
        # Only the finest output is kept; its index is that of nnU-Net's last.
        self.decoder.seg_layers = nn.ModuleDict({str(len(ways_up) - 1): nn.Conv3d(FEATURES[0], outputs, 1)})
        for module in self.modules():
            if isinstance(module, nn.Conv3d):
                nn.init.kaiming_normal_(module.weight, a=LEAK)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.decoder.seg_layers["2"].weight, std=0.05)

    def forward(self, image):
        skips = []
        for stage in self.encoder.stages:
            image = stage(image)
            skips.append(image)
        image = skips.pop()
        for up, stage in zip(self.decoder.transpconvs, self.decoder.stages):
            image = stage(torch.cat([up(image), skips.pop()], 1))
        return self.decoder.seg_layers["2"](image)


def folded(model):
    """Tensors of the same network without norms: each convolution takes over its frozen normalisation."""
    tensors = {}
    blocks = {name: module for name, module in model.named_modules() if isinstance(module, Block)}
    for name, block in blocks.items():
        scale = block.norm.weight / (block.norm.running_var + block.norm.eps).sqrt()
        tensors[f"{name}.conv.weight"] = block.conv.weight * scale[:, None, None, None, None]
        tensors[f"{name}.conv.bias"] = (block.conv.bias - block.norm.running_mean) * scale + block.norm.bias
    for name, parameter in model.named_parameters():
        if not any(name.startswith(block + ".") for block in blocks):
            tensors[name] = parameter
    return {name: tensor.detach().float().contiguous() for name, tensor in tensors.items()}


def unfolded(tensors):
    """A UNet that computes what folded tensors do: its norms change nothing."""
    model = UNet(tensors[FIRST].shape[1], tensors[LAST].shape[0]).eval()
    state = model.state_dict()
    for name in state:
        if name in tensors:
            state[name] = tensors[name].float()
        elif name.endswith("norm.running_var"):
            state[name] = torch.full_like(state[name], 1 - 1e-5)
    model.load_state_dict(state)
    return model


def restart(model, tensors):
    """Exported weights as the start of a new training: the norms begin as what was folded."""
    model.load_state_dict(unfolded(tensors).state_dict())


def borrow(model, tensors):
    """Weights of a net with other inputs and outputs: all but the last layer; inputs that the other net lacks keep a tenth of their own."""
    state, other = model.state_dict(), unfolded(tensors).state_dict()
    for name, tensor in other.items():
        if name == FIRST:
            state[name] = torch.cat([tensor, 0.1 * state[name][:, tensor.shape[1]:]], 1)
        elif state[name].shape == tensor.shape:
            state[name] = tensor
    model.load_state_dict(state)


def awaken(model, image):
    """Norms that change nothing begin to normalise, without changing what the network says of this batch."""
    def measure(norm, inputs):
        variance, mean = torch.var_mean(inputs[0], (0, 2, 3, 4), correction=0)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.data.copy_((variance + norm.eps).sqrt())
        norm.bias.data.copy_(mean)

    hooks = [module.register_forward_pre_hook(measure) for module in model.modules() if isinstance(module, nn.BatchNorm3d)]
    with torch.no_grad():
        model.eval()(image)
    for hook in hooks:
        hook.remove()
