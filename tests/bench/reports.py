"""Reports of a run far larger than any, beside those of others of the same size: `python -m tests.bench.reports`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import peers
from tests.bench.large_record import CHAPTERS, DRILLS, STEPS, Size, costs
from tests.bench.pages import show


def main() -> None:
    """Peers of as many steps and pictures, which have neither calls nor probes, stand beside it."""
    print(f"report of {DRILLS * CHAPTERS * STEPS} steps and 500 pictures of 60 KB:")
    with TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain"
        for folder, size in ((plain, Size(calls=0, probes=0)), (Path(scratch) / "whole", Size())):
            print(f"  {costs(folder, size)}, {loaded(folder.with_name(f'{folder.name}-report') / 'report.html')}")
        for line in peers.lines(Path(scratch), plain, loaded):
            print(f"  {line}")


def loaded(page: Path) -> str:
    shown = show(page, printed=False)
    return f"first content {shown.content:.0f} ms, loaded {shown.load:.0f} ms"


if __name__ == "__main__":
    main()
