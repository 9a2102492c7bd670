"""The house's own exhibits: one folder each, run sealed. Nothing imports them but their worker."""
