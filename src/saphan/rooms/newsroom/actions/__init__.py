"""What happens in the newsroom: one module for each kind of thing."""
