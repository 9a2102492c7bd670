"""The door for operators: `saphan …` on the command line.

Each module holds the commands of one subject: `add(commands)` declares them with argparse and
nothing heavier, `_run_…` does them. Django is set up only by commands that need it."""
