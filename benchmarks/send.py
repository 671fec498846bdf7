"""A broadcast by our sender beside a bare evenly paced aiogram pool, interleaved, against a strict bucket.

`python -m benchmarks.send [--rounds 3] [--quick]` prints, for 30/s and 1000/s allowed, the part of the bulk
share that was reached, 429s, duplicates, CPU per 1,000 messages and its ratio to the bare pool, and what a
longer list costs. Targets: ≥ 0.99 of the share, no 429, CPU ≤ 1.5 × bare, 20,000 people ≤ 1.1 × 2,000.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import urllib.request
from typing import Any

LATENCY_MS = 60
# limit, reserve, people: the reserve is a sixth of the limit, as 5 of 30
RATES = ((1000, 166, 10_000), (30, 5, 500))
SIZES = (2_000, 20_000)


class Server:
    """The fake server as a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "benchmarks.send_server"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def ask(self, path: str) -> dict[str, Any]:
        """Ask for the counts, or set the limits."""
        with urllib.request.urlopen(self.url + path) as answer:
            told: dict[str, Any] = json.load(answer)
            return told

    def run(self, kind: str, limit: int, reserve: int, people: int) -> dict[str, float]:
        """Let one sender send to so many people; returns its measures and what the server saw."""
        self.ask(f"/set?rate={limit}&latency={LATENCY_MS}")
        command = [sys.executable, "-m", "benchmarks.send_worker", kind, self.url]
        command += [str(number) for number in (limit, reserve, people)]
        printed = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
        measured: dict[str, float] = json.loads(printed.splitlines()[-1])
        told = self.ask("/stats")
        return {**measured, **told, "share": told["per_second"] / (limit - reserve)}


def compare(server: Server, limit: int, reserve: int, people: int, rounds: int) -> None:
    """Print both senders at one rate."""
    runs: dict[str, list[dict[str, float]]] = {"bare": [], "ours": []}
    for _ in range(rounds):
        for kind in runs:
            runs[kind].append(server.run(kind, limit, reserve, people))
    say(f"\n{limit}/s allowed, {limit - reserve}/s of them for bulk, {people} people, {rounds} rounds")
    for kind, found in runs.items():
        say(
            f"  {kind}: share {middle(found, 'share'):.3f} (least {min(r['share'] for r in found):.3f}), "
            f"429s {sum(r['too_many'] for r in found)}, duplicates {sum(r['duplicates'] for r in found)}, "
            f"busiest second {max(r['busiest_second'] for r in found)}, "
            f"CPU {middle(found, 'cpu_per_1000'):.3f} s per 1,000, peak {middle(found, 'peak_mb'):.0f} MB"
        )
    ratios = [
        one["cpu_per_1000"] / other["cpu_per_1000"]
        for one, other in zip(runs["ours"], runs["bare"], strict=True)
    ]
    say(f"  CPU ours / bare: {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})")


def sizes(server: Server, rounds: int) -> None:
    """Print what a longer list costs, message by message."""
    runs: dict[int, list[dict[str, float]]] = {people: [] for people in SIZES}
    for _ in range(rounds):
        for people, found in runs.items():
            found.append(server.run("ours", 1000, 166, people))
    say("\nlonger lists at 1000/s")
    for people, found in runs.items():
        say(
            f"  {people} people: CPU {middle(found, 'cpu_per_1000'):.3f} s per 1,000, "
            f"memory grown by {middle(found, 'grown_mb'):.1f} MB, "
            f"planned in {middle(found, 'plan_seconds'):.2f} s"
        )
    few, many = (middle(runs[people], "cpu_per_1000") for people in SIZES)
    say(f"  ratio {many / few:.2f}")


def middle(found: list[dict[str, float]], name: str) -> float:
    """The median of one measure."""
    return statistics.median(run[name] for run in found)


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Compare, then lengthen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="only 1000/s, one round")
    options = parser.parse_args()
    server = Server()
    try:
        for limit, reserve, people in RATES[:1] if options.quick else RATES:
            compare(server, limit, reserve, people, 1 if options.quick else options.rounds)
        if not options.quick:
            sizes(server, options.rounds)
    finally:
        server.process.kill()


if __name__ == "__main__":
    main()
