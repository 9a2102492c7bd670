"""`saphan`: find the command, run it, and turn what goes wrong into one line that helps."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from saphan.doors.cli.boot import Failed, boot

# The order is that of `saphan --help`: as an operator meets them.
SUBJECTS = ("setup", "serve", "check", "ask", "records", "backup", "people", "software",
            "terms", "catalogues")


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="saphan", description="Run a cross-border AI cooperation centre.",
        epilog="Rooms bring commands of their own: `saphan room` lists them. "
               "Settings come from the environment (SAPHAN_…): see docs/operating.md.")
    commands = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for subject in SUBJECTS:
        import_module(f"saphan.doors.cli.{subject}").add(commands)
    # Declared for `--help`; what follows these words is the room's own (see `_run`).
    commands.add_parser("room", help="[ROOM] COMMAND …: what rooms bring; alone, lists it")
    commands.add_parser("import", help="load a file of records (the market's)")
    commands.add_parser("export", help="write all public records (the market's)")
    return found


def _run(words: list[str]) -> int:
    if words[:1] == ["room"]:
        return _list_room_commands() if len(words) == 1 else _room_command(words[1:])
    if words[:1] in (["import"], ["export"]):
        return _room_command(words)
    options = parser().parse_args(words)
    return int(options.run(options) or 0)


def _list_room_commands() -> int:
    boot()
    from saphan.house.registry import rooms

    for room in rooms():
        for command in room.commands:
            print(f"saphan room {room.slug} {command.name:10} {command.help}")
    return 0


def _room_command(words: list[str]) -> int:
    """Run `[ROOM] COMMAND …`; without a room, the first room that has the command."""
    boot()
    from saphan.house.registry import rooms

    candidates = rooms()
    if words[0] in {room.slug for room in candidates}:
        candidates = [room for room in candidates if room.slug == words[0]]
        words = words[1:]
    for room in candidates:
        for command in room.commands:
            if words and command.name == words[0]:
                return command.run(words[1:])
    raise Failed(f"no room has the command {' '.join(words) or '?'!r}; `saphan room` lists them")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit status: 0, 1 for "no" (a check that fails), 2 for an error."""
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:  # `saphan … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("SAPHAN_DEBUG"):
            raise
        print(f"saphan: {_in_one_line(error)}", file=sys.stderr)
        return 2


def _in_one_line(error: Exception) -> str:
    """What went wrong and, where we know it, what to do."""
    kind, words = type(error).__name__, " ".join(str(error).split())
    if (kind == "OperationalError" and "no such table" in words) or kind == "ProgrammingError":
        return f"the database is not set up or not up to date; call `saphan setup` ({words})"
    if kind == "OperationalError" and "locked" in words:
        return "the database is busy with another writer; try again in a moment"
    if isinstance(error, PermissionError):
        return f"may not write or read {error.filename}; check who owns it"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else words
    if kind == "Unreachable":
        return str(getattr(error, "detail", words))
    if isinstance(error, (Failed, ValueError)) or kind in ("Refused", "NotReady", "CommandError",
                                                          "BadSample", "ImproperlyConfigured"):
        return words
    return f"{kind}: {words} (SAPHAN_DEBUG=1 shows where)"
