"""One folder per capability. Rooms are found by `house.registry`, never listed."""
