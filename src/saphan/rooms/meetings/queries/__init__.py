"""Questions to the meetings room. Getters here cannot return what the asker may not see."""
