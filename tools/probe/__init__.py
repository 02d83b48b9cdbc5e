"""First contact: asks a real account's server, read-only and once each, which assumptions of docs/api.md hold."""
