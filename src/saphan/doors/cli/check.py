"""`saphan check`: what is misconfigured, and how to mend it."""

from __future__ import annotations

import json
from typing import Any

from saphan.doors.cli.boot import boot

SIGNS = {"ok": "ok", "warning": "WARNING", "error": "ERROR"}


def add(commands: object) -> None:
    parser = commands.add_parser(  # type: ignore[attr-defined]
        "check", help="say what is misconfigured and how to mend it; exit code 1 on errors")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=_run)


def _run(options: Any) -> int:
    boot()
    from saphan.house import check

    findings = []
    for finding in check.run():
        findings.append(finding)
        if not options.json:
            print(f"{SIGNS[finding.level]:8} {finding.name:10} {finding.message}", flush=True)
            if finding.mend:
                print(f"{'':8} {'':10} → {finding.mend}")
    if options.json:
        print(json.dumps([finding.to_json() for finding in findings], ensure_ascii=False, indent=1))
    return 1 if any(finding.level == "error" for finding in findings) else 0
