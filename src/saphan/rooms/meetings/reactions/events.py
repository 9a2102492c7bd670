"""What the room does on its own."""
