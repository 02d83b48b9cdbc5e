"""What cards on dashboards see live: the computers of an account as records, and who is notified when they change."""
