"""Live data for cards on dashboards: the computers of an account as records, and the listeners that are notified of changes."""
