"""The brokered path of the market: from somebody's interest in a record to a recorded outcome."""
