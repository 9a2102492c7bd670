"""Questions about what stands in the newsroom. Getters cannot return what the asker may not see."""
