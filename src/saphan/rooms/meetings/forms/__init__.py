"""What people may submit here; one way of checking for pages, API, MCP and import."""
