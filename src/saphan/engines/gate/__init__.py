"""The quality gate: named rules, kept as data, for what people write in a record."""

from saphan.engines.gate.check import check
from saphan.engines.gate.records import Duplicate, Finding, Passage, Record, Severity
from saphan.engines.gate.rules import Rule, rules

__all__ = ["Duplicate", "Finding", "Passage", "Record", "Rule", "Severity", "check", "rules"]
