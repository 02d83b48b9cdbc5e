"""What entities have in common, and how they are added."""
