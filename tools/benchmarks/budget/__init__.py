"""What the request budget does under service plans of every kind, in simulated time: weeks pass in seconds."""
