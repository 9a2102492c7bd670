"""How often the gate is wrong, on the sample catalogue and on made sets, beside a plain word list.

    PYTHONPATH=src python bench/gate/run.py            the table
    PYTHONPATH=src python bench/gate/run.py findings   every finding on the catalogue, to be judged
    PYTHONPATH=src python bench/gate/run.py missed     what the tune half is missed by
    PYTHONPATH=src python bench/gate/run.py missed-held   the same of the held-out half

Verdicts on the catalogue's findings, made by a reader, are kept in `verdicts.tsv`.
"""

from __future__ import annotations

import sys
from collections import Counter

from common import HERE, REFUSING, Keywords, bad, gate, innocent, record_of, rows, unseen

from saphan.engines.gate import rules


def findings() -> list[tuple[str, str, str, str, str]]:
    """Record, rule, field, found, sentence: on the catalogue and on the unseen set."""
    return [(key, one.rule, one.field, one.found.replace("\n", " ")[:60],
             one.sentence.replace("\n", " ").replace("\t", " "))
            for key, record in [*((row["key"], record_of(row)) for row in rows()), *unseen()]
            for one in gate(record)]


def verdicts() -> dict[tuple[str, str, str, str], str]:
    """Of (record, rule, field, found): `right` or `wrong`."""
    path = HERE / "verdicts.tsv"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    parts = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(key, rule, field, found): verdict for verdict, rule, key, field, found, *_ in parts}


def catalogue() -> tuple[dict[str, set[str]], dict[str, set[str]], Counter[str]]:
    """By rule: records found, records wrongly found; and findings without a verdict."""
    known, all_found, wrong = verdicts(), dict[str, set[str]](), dict[str, set[str]]()
    unjudged = Counter[str]()
    ours = {row["key"] for row in rows()}
    for key, rule, field, found, _ in findings():
        if key not in ours:
            continue
        all_found.setdefault(rule, set()).add(key)
        verdict = known.get((key, rule, field, found))
        if verdict is None:
            unjudged[rule] += 1
        elif verdict == "wrong":
            wrong.setdefault(rule, set()).add(key)
    return all_found, wrong, unjudged


def caught(half: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By rule: lines, caught by the gate, caught by the word list."""
    plain, total, ours, theirs = Keywords(), Counter[str](), Counter[str](), Counter[str]()
    for line in bad():
        if line.half == half:
            total[line.rule] += 1
            ours[line.rule] += any(one.rule == line.rule for one in gate(line.record()))
            theirs[line.rule] += line.rule in plain.rules_for(line.record())
    return total, ours, theirs


def table() -> None:
    plain, records = Keywords(), [(row["key"], record_of(row)) for row in rows()]
    said, wrong, unjudged = catalogue()
    listed = Counter(rule for _, record in records for rule in plain.rules_for(record))
    halves = {half: caught(half) for half in ("tune", "held")}
    blamed = {"gate": Counter[str](), "list": Counter[str]()}
    for line in innocent():
        blamed["gate"].update({one.rule for one in gate(line.record())} - {"thin"})
        blamed["list"].update(set(plain.rules_for(line.record())) - {"thin"})
    print(f"{len(records)} records of the catalogue, {len(innocent())} innocent sentences")
    print("rule             severity | catalogue: found  wrong  unjudged  list | caught tune  list"
          " | caught held-out  list | innocent blamed  list")
    for name, rule in rules().items():
        tune, held = halves["tune"], halves["held"]
        print(f"{name:16} {rule.severity:8} | {len(said.get(name, ())):16} "
              f"{len(wrong.get(name, ())):6} {unjudged[name]:9} {listed[name]:5} |"
              f" {tune[1][name]:5}/{tune[0][name]:<5} {tune[2][name]:5} |"
              f" {held[1][name]:8}/{held[0][name]:<5} {held[2][name]:6} |"
              f" {blamed['gate'][name]:9} {blamed['list'][name]:9}")
    fresh = list(unseen())
    ours = sum(any(one.rule in REFUSING for one in gate(record)) for _, record in fresh)
    theirs = sum(bool(set(plain.rules_for(record)) & set(REFUSING) - {"thin"})
                 for _, record in fresh)
    print(f"{len(fresh)} records that the rules were not tuned on: stopped {ours}, "
          f"by the word list {theirs}")
    for half, (total, ours, theirs) in halves.items():
        print(f"{half}: {sum(ours.values())}/{sum(total.values())} caught, "
              f"word list {sum(theirs.values())}")
    stopping = {name for name, rule in rules().items() if rule.severity != "advise"}
    stopped = {key for name in stopping for key in wrong.get(name, ())}
    blamed_list = {key for key, record in records if set(plain.rules_for(record)) & stopping}
    print(f"records wrongly refused or sent to a person: {len(stopped)} of {len(records)}; "
          f"the word list stops {len(blamed_list)}")


def missed(half: str) -> None:
    for line in bad():
        if line.half == half and not any(one.rule == line.rule for one in gate(line.record())):
            print(line.rule, line.lang, line.text, sep="\t")
    for line in innocent():
        for one in gate(line.record()):
            if rules()[one.rule].severity != "advise" and one.rule != "thin":
                print("BLAMED", one.rule, line.lang, one.found, line.text, sep="\t")


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    if wanted == "findings":
        for line in findings():
            print(*line, sep="\t")
    elif wanted.startswith("missed"):
        missed("held" if wanted.endswith("held") else "tune")
    else:
        table()


if __name__ == "__main__":
    main()
