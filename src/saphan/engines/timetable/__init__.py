"""Who meets whom, when, where and with which interpreter. No Django."""
