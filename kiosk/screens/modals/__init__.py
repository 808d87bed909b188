"""Questions: one to a file, each put on top of a screen by ``await self.ask(...)`` and answered once."""
