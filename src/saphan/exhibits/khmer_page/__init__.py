"""An exhibit: Khmer print in a picture becomes text."""
