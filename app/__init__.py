"""The faces of the tool: a command line and a small web application."""
