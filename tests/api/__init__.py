"""The client alone, over real HTTP."""
