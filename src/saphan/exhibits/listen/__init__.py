"""Listen: speech of up to fifteen seconds, written down."""
