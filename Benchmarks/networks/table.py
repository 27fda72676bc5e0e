"""The table of the benchmark, from the rows that its engines wrote: table.py < rows."""
import sys
from statistics import median

TASKS = {"sgemm": "sgemm, 2048²", "inner loop": "inner loop alone, from the cache", "conv": "conv3d 32 → 32, 3³, 96³",
         "vit": "ViT-3D of paper 004", "unet": "nnU-Net, six stages, 128³"}
rows = {}
for line in sys.stdin:
    mark, engine, task, threads, gflop, peak, cpu, clock = line.rstrip("\n").split("|")
    row = rows.setdefault((task, threads, engine), {"gflop": float(gflop), "peak": 0, "cpu": [], "clock": []})
    row["peak"] = max(row["peak"], float(peak))
    row["cpu"] += map(float, cpu.split())
    row["clock"] += map(float, clock.split())
print("| task | threads | engine | clock s, least | median | CPU s, least | GFLOP/s | of sgemm | its clock / Osteon's | its CPU / Osteon's | peak MB |")
print("|---|---|---|---|---|---|---|---|---|---|---|")
for task, name in TASKS.items():
    for (of, threads, engine), row in sorted(rows.items(), key=lambda item: (item[0][1], item[0][2])):
        if of != task:
            continue
        speed = row["gflop"] / min(row["clock"])
        peak = next((r["gflop"] / min(r["clock"]) for (t, n, _), r in rows.items() if (t, n) == ("sgemm", threads)), None)
        own = next((r for (t, n, e), r in rows.items() if (t, n) == (task, threads) and e.startswith("Osteon")), None)
        share = f"{100 * speed / peak:.0f} %" if peak else ""
        ratios = ["", ""]
        if own and not engine.startswith("Osteon"):
            ratios = [f"{min(row[k]) / min(own[k]):.2f}" for k in ("clock", "cpu")]
        print(f"| {name} | {threads} | {engine} | {min(row['clock']):.3f} | {median(row['clock']):.3f} | {min(row['cpu']):.3f} "
              f"| {speed:.0f} | {share} | {ratios[0]} | {ratios[1]} | {row['peak']:.0f} |")
