"""The server side of the tab, loaded at its first request."""
