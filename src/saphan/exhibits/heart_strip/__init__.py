"""Heart strip: beats found in an ECG strip, their rate and regularity. Not a diagnosis."""
