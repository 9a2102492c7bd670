"""States and the moves between them: one table per model, in the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Refused


@dataclass(frozen=True)
class Transition:
    """A named move: from any of `sources` to `target`, with the verb a person reads on a button."""

    name: str
    sources: frozenset[str]
    target: str
    label: str | Promise


class Lifecycle:
    """The table of transitions of one model.

    >>> Lifecycle("draft", [("submit", "draft", "submitted", "Submit")])
    """

    def __init__(self, initial: str,
                 table: Iterable[tuple[str, str | Iterable[str], str, str | Promise]]) -> None:
        self.initial = initial
        self.transitions = {
            name: Transition(name, frozenset([source] if isinstance(source, str) else source),
                             target, label)
            for name, source, target, label in table}

    def possible(self, state: str) -> list[Transition]:
        return [move for move in self.transitions.values() if state in move.sources]

    def allows(self, source: str, target: str) -> bool:
        return any(source in move.sources and move.target == target
                   for move in self.transitions.values())

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, for the README of the room."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for move in self.transitions.values():
            lines += [f"    {source} --> {move.target}: {move.name}"
                      for source in sorted(move.sources)]
        return "\n".join(lines)


class HasLifecycle(models.Model):
    """A model with a `state` that moves only along its `lifecycle`."""

    lifecycle: ClassVar[Lifecycle]
    state: Any  # the concrete model's CharField, with its choices

    class Meta:
        abstract = True

    def may_take(self, step: str) -> bool:
        """Whether this step leads on from where it stands."""
        return self.state in self.lifecycle.transitions[step].sources

    def take(self, step: str, **changes: Any) -> None:
        """Take a step of the table by its name, and save. Refused where the step does not begin,
        even if another one leads from here to the same state: who may take which is decided by
        name.

        The row is changed only if it still is in the state we think it is in, so that of two
        people who press at once the second is told and nothing is done twice.
        """
        if not self.may_take(step):
            raise Refused(_(
                "This step is not possible now. Reload the page to see where it stands."))
        model, target = type(self), self.lifecycle.transitions[step].target
        # As dictionaries: `state` is a field of the concrete model, not of this abstract one.
        now, after = {"pk": self.pk, "state": self.state}, {"state": target, **changes}
        moved = model._default_manager.filter(**now).update(**after)
        if not moved:
            raise Refused(_("Somebody else was quicker. Reload the page to see where it stands."))
        self.state = target
        for name, value in changes.items():
            setattr(self, name, value)
