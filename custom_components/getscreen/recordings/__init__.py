"""The recordings of sessions: their identifiers, and how they are played."""
