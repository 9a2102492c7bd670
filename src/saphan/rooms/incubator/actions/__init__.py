"""The verbs of the incubator. Each checks its rule, changes one thing and records one fact."""
