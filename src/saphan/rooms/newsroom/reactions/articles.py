"""Articles, their versions and evidence: what the house does on its own."""
