"""Sources, looks at them and alarms: what the house does on its own."""
