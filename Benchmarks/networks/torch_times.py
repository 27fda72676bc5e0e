"""A row of the benchmark: PyTorch's times for a task. torch_times.py FOLDER conv|conv-last|vit|unet THREADS; writes the weights to FOLDER."""
import resource
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training" / "golden"))
import networks  # noqa: E402

folder, task, threads = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.manual_seed(6)
torch.set_num_threads(threads)
torch.set_grad_enabled(False)

if task.startswith("conv"):
    model, size, gflop = nn.Conv3d(32, 32, 3, padding=1), (1, 32, 96, 96, 96), 48.92
elif task == "vit":
    model, size = networks.vit((128,) * 3, (16,) * 3, 1024, 6, 8, 64, 2048, False), (1, 1, 128, 128, 128)
    gflop = 2e-9 * (512 * 4096 * 1024 + 6 * 513 * (1024 * 1536 + 2 * 513 * 512 + 512 * 1024 + 2 * 1024 * 2048))
else:
    model = networks.six_stage_unet(networks.PlainConvUNet, [2] * 6, [2] * 5)
    size, gflop = (1, 1, 128, 128, 128), None
model.eval()
x = networks.picture(size)
known = folder / f"{task}.gflop"
if gflop is None and known.exists():
    gflop = float(known.read_text())
elif gflop is None:
    total = [0]

    def count(module, inputs, output):
        per_output = module.weight.numel() / (module.in_channels if isinstance(module, nn.ConvTranspose3d) else module.out_channels)
        steps = inputs[0] if isinstance(module, nn.ConvTranspose3d) else output
        total[0] += 2e-9 * steps.numel() * per_output
    handles = [m.register_forward_hook(count) for m in model.modules() if isinstance(m, (nn.Conv3d, nn.ConvTranspose3d))]
    model(x)
    for handle in handles:
        handle.remove()
    # Modules that are registered twice are hooked once: `modules()` yields each once.
    gflop = total[0]
if task != "conv-last":
    if not known.exists():
        save_file({k: v.contiguous().clone() for k, v in model.state_dict().items() if v.is_floating_point()},
                  folder / f"{task}.safetensors")
        known.write_text(str(gflop))
else:
    model, x = model.to(memory_format=torch.channels_last_3d), x.to(memory_format=torch.channels_last_3d)
cpu, clock = [], []
for _ in range(2 if task == "unet" else 7):
    c, t = time.process_time(), time.perf_counter()
    model(x)
    cpu.append(time.process_time() - c)
    clock.append(time.perf_counter() - t)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
task, layout = task.removesuffix("-last"), ", channels last" if task.endswith("-last") else ""
print(f"row|PyTorch {torch.__version__}{layout}|{task}|{threads}|{gflop:.2f}|{peak:.0f}|"
      + " ".join(f"{s:.4f}" for s in cpu) + "|" + " ".join(f"{s:.4f}" for s in clock))
