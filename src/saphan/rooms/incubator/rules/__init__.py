"""Who may do what in the incubator, and why not."""
