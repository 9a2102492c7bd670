"""The pages of visits, under /<language>/meetings/visits/."""
