"""Who may do what in the incubator, and why not. Each refusal carries a translated reason.

`BY_TRANSITION` names a rule for every move of every model here. A name that several models share
(`withdraw`) is looked up in the module of the model.
"""

from saphan.rooms.incubator.rules import calls

BY_TRANSITION = {**calls.BY_TRANSITION}
