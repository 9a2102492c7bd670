"""Meter watch: what is unusual in the log of a meter or a cold room, and why."""
