"""`saphan` and `python -m saphan`."""

from __future__ import annotations

import sys


def main() -> int:
    from saphan.doors.cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
