"""The verbs of the meetings room. Each checks its rule, changes one thing and records one fact."""
