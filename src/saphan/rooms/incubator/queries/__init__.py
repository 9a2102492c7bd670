"""Questions to the incubator. Getters here cannot return what the asker may not see."""
