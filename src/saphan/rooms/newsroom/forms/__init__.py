"""What people may submit in the newsroom: one validation path for web, API, MCP and import."""
